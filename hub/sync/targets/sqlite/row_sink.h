#pragma once

#include <deque>
#include <memory>
#include <string>

#include "sync/targets/fenced_writer.h"
#include "sync/targets/sqlite/connection.h"

namespace yimen::sync::sqlite {

/// Rows into SQLite, one prepared statement per row and step; a row that a statement refuses leaves no trace.
class SqliteRowSink final : public RowSink {
public:
    SqliteRowSink(std::shared_ptr<const ItemTable> item, std::unique_ptr<Connection> connection,
                  const TargetOptions& options);

    core::Result<SqlSession*> session() override { return connection_.get(); }
    core::Status loadKeys(KeyTable& keys, std::size_t limit) override;
    core::Status write(const BatchPlan& plan, const Batch& rows, const Stamp& stamp, Outcome& out) override;

private:
    /// What the table has under the key of a row.
    struct Stored {
        bool found = false;
        RowHash hash = 0;
        bool newer = false;  ///< its version is above that of the row
    };
    struct Step {
        const Batch& rows;
        const Stamp& stamp;
        Outcome& out;
    };
    core::Status prepare();
    core::Status insert(const Step& step, const RowWork& work, bool fresh);
    core::Status merge(const Step& step, const RowWork& work);
    core::Status erase(const Step& step, const RowWork& work);
    core::Status update(const Step& step, const RowWork& work);
    core::Result<Stored> find(const Batch& rows, std::size_t row);
    core::Status keepVersion(const Step& step, std::size_t row);
    /// Runs a statement to its end; true when it was done, false when the row was refused (noted) or its key taken.
    core::Result<bool> done(Statement& statement, const Step& step, const RowWork& work, bool* taken = nullptr);
    void bindCell(Statement& statement, int at, const Batch& rows, std::size_t row, std::size_t column);
    void bindKeys(Statement& statement, int first, const Batch& rows, std::size_t row);
    void bindRow(Statement& statement, const Step& step, const RowWork& work);

    const std::shared_ptr<const ItemTable> item_;
    const std::vector<std::size_t> keys_;
    const std::unique_ptr<Connection> connection_;
    const FailPoint failPoint_;
    Statement* insert_ = nullptr;
    Statement* find_ = nullptr;
    Statement* keep_ = nullptr;
    Statement* forgetKept_ = nullptr;
    Statement* update_ = nullptr;
    Statement* erase_ = nullptr;
    std::deque<std::string> scratch_;  ///< texts of one row that are not as they stand in the batch
};

}  // namespace yimen::sync::sqlite
