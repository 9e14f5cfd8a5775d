#pragma once

#include <optional>
#include <vector>

#include "binlog_event.h"
#include "binlog_table.h"

namespace yimen::mysql {

/// Cells of a row as they stand in the log; nothing: null.
using RowImage = std::vector<std::optional<std::string_view>>;

/// The rows of a write, update or delete event (versions 1 and 2), one after the other. Views into the event's bytes.
class RowsEvent {
public:
    explicit RowsEvent(const Event& event);

    std::uint64_t table() const noexcept { return table_; }
    EventType type() const noexcept { return type_; }
    /// Every row holds every column (binlog_row_image=FULL). Only such rows can be read.
    bool whole() const noexcept { return whole_; }
    /// False at the end. A row as it was is in `before` (update, delete), as it is in `after` (write, update).
    bool next(const LogTable& table, RowImage& before, RowImage& after);

private:
    void readImage(const LogTable& table, RowImage& into);

    std::uint64_t table_ = 0;
    EventType type_;
    std::uint64_t columns_ = 0;
    bool whole_ = true;
    std::string_view left_;
};

}  // namespace yimen::mysql
