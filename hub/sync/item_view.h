#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sync/run.h"

namespace yimen::sync {

/// Rows whose text field is one of `values`, or begins with one of `prefixes`. Both empty: no row.
struct Within {
    std::size_t field = 0;  ///< number in the schema; a text field
    std::vector<std::string> values;
    std::vector<std::string> prefixes;
};

/// Rows whose field compares so with a value in canonical text.
struct Compare {
    enum class How { kEqual, kAtLeast, kAtMost };
    std::size_t field = 0;
    How how = How::kEqual;  ///< decimals and JSON: kEqual is not offered for JSON, the others for neither
    std::string value;
};

/// Rows of an item that satisfy every condition.
struct RowQuery {
    std::vector<Within> within;
    std::vector<Compare> compare;
    std::vector<std::string> after;  ///< key cells of the last row of the page before; empty: from the beginning
    std::size_t limit = 500;
    std::optional<std::int64_t> asOf;  ///< ms since 1970
};

/// What changed behind `from` up to and with `to` (ms since 1970).
struct ChangeQuery {
    std::vector<Within> within;
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::vector<std::string> after;
    std::size_t limit = 500;
};

/// Rows by key as they were at both ends of a window. A key is in `keys` once, however often it changed. `before` and
/// `after` have a row for each, kDelete when there was none that satisfies the conditions.
struct ChangePage {
    Batch before;
    Batch after;
    std::vector<std::string> last;  ///< key cells of the last row; give it back for the next page
    bool end = true;
};

/// Reading of items under conditions: what sharing stands on. Every condition is carried out by the database.
/// Thread-safe, blocking. kInvalidInput for a condition or position that does not fit the item.
class ItemView {
public:
    virtual ~ItemView() = default;
    /// In key order.
    virtual core::Result<ItemRows::Page> page(const ItemTable& item, const RowQuery& query) = 0;
    /// In key order: the net change of each row, so that whoever applies all pages to the rows as of `from` has the
    /// rows as of `to`. Gives the same for ever when `to` is not behind settled().
    virtual core::Result<ChangePage> changes(const ItemTable& item, const ChangeQuery& query) = 0;
    /// A moment (ms since 1970) behind which no commit under way can still bring anything: a margin ago, or the begin
    /// of the oldest writing transaction when that is earlier. Clocks of hubs may differ by the margin.
    virtual core::Result<std::int64_t> settled() = 0;
};

}  // namespace yimen::sync
