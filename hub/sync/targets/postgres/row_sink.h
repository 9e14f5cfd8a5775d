#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/secret.h"
#include "sync/targets/fenced_writer.h"
#include "sync/targets/postgres/connection.h"
#include "sync/targets/postgres/copy_rows.h"

namespace yimen::sync::postgres {

/// Rows into PostgreSQL. New rows are copied straight into the table; the others are copied into a temporary table and
/// merged by what the database has, which is also what happens when a new row turns out not to be new. Each step stands
/// under a savepoint; a step that fails for a row's sake is halved until the row is found.
class PostgresRowSink final : public RowSink {
public:
    PostgresRowSink(std::shared_ptr<const ItemTable> item, core::Secret conninfo, const TargetOptions& options);

    core::Result<SqlSession*> session() override;
    core::Status loadKeys(KeyTable& keys, std::size_t limit) override;
    core::Status write(const BatchPlan& plan, const Batch& rows, const Stamp& stamp, Outcome& out) override;

private:
    enum class Kind { kFresh, kMerge, kErase };
    struct Work {
        RowWork row;
        Kind kind = Kind::kMerge;
    };
    struct Step {
        const Batch& rows;
        const Stamp& stamp;
        Outcome& out;
    };
    /// `direct`: fresh rows are taken to be new.
    core::Status attempt(const Step& step, std::span<const Work> work, bool direct);
    core::Status retry(const Step& step, std::span<const Work> work, bool direct, const core::Error& error);
    core::Status writeAll(const Step& step, std::span<const Work> work, bool direct, Outcome& out);
    core::Status copyFresh(const Step& step, std::span<const Work> work, Outcome& out);
    core::Status copyStaged(const Step& step, std::span<const Work> work, bool direct);
    core::Status sendIfLarge(bool last);
    core::Status mergeStaged(const Step& step, std::span<const Work> work, bool direct, Outcome& out);
    core::Status eraseStaged(const Step& step, std::span<const Work> work, Outcome& out);
    /// Numbers (in the batch) of staged rows that the table did not take because it has something newer.
    core::Result<std::vector<std::uint32_t>> stale(const char* operation);
    core::Result<std::uint64_t> run(const std::string& sql, const std::vector<SqlValue>& values = {});
    void prepareSql();

    const std::shared_ptr<const ItemTable> item_;
    const core::Secret conninfo_;
    const FailPoint failPoint_;
    std::unique_ptr<Connection> connection_;
    CopyRows copy_;
    std::vector<Work> work_;
    bool stageUsed_ = false;  ///< the temporary table holds rows of this batch
    std::string createStage_, copyFresh_, copyStage_, keepUpdated_, update_, insert_, keepErased_, erase_, stale_;
};

}  // namespace yimen::sync::postgres
