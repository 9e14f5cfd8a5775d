#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "binlog_rows.h"
#include "binlog_statement.h"
#include "log_stream.h"

namespace yimen::mysql {

/// Changes of one table out of the events of a log. The position is always one between two transactions.
class LogReader final : public sdk::Reader {
public:
    struct Until {
        LogPlace place;                       ///< a read that does not follow ends there
        std::chrono::milliseconds follow{0};  ///< 0: it does not
    };
    LogReader(const sdk::Host& host, std::unique_ptr<LogStream> stream, LogPlan plan, LogPosition at, Until until);

    bool read(sdk::Batch& into, std::string& position) override;

private:
    using Time = std::chrono::steady_clock::time_point;
    /// How the events behind it have the table.
    struct Layout {
        std::uint64_t id = 0;
        std::string description;  ///< the bytes it was read from
        LogTable table;
        std::vector<std::size_t> columns;  ///< in the log, for each cell
        std::vector<Display> displays;     ///< for each cell
        std::vector<std::size_t> key;      ///< in the log
    };

    bool isDue(const sdk::Batch& into) const;
    bool hasEnded() const;
    void take(const Event& event);
    void takeGtid(const Event& event);
    void takeQuery(const Event& event);
    void takeRotate(const Event& event);
    void takeTable(const Event& event);
    void takeRows(const Event& event);
    void advance(const Event& event);
    void end(const Event& event);
    void layOut(const TableName& name);
    const Charset* charsetOf(const LogColumn& column);
    void giveRows(sdk::Batch& into);
    void add(sdk::Batch& into, const RowImage& row, unsigned op);
    bool keyChanged() const;
    [[noreturn]] void refuse(const std::string& chinese, const std::string& english) const;

    const sdk::Host host_;
    const std::unique_ptr<LogStream> stream_;
    const LogPlan plan_;
    LogPosition at_;
    const Until until_;
    const Time began_;
    Time callBegan_{};
    Time firstRow_{};
    std::optional<Layout> layout_;
    std::map<std::string, std::unique_ptr<const Charset>> charsets_;
    std::optional<RowsEvent> rows_;  ///< of an event that was not given out to its end
    RowImage before_;
    RowImage after_;
    bool removed_ =
        false;  ///< of an update whose key changed: the old record's deletion was given out, not yet the new
    bool transaction_ = false;  ///< between a begin and its commit
    bool prepared_ = false;     ///< of an XA transaction, which may still be rolled back
    bool touched_ = false;      ///< rows of the table came in this transaction
    std::string text_;
    std::uint64_t origin_ = 0;
};

}  // namespace yimen::mysql
