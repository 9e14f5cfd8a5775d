#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sync/item_spec.h"
#include "sync/source.h"

namespace yimen::sync {

/// Whether a cell lies in the range: as numbers when both it and the bound are numbers, as texts else. Null never does.
bool inRange(const Range& range, std::optional<std::string_view> cell);

/// The column of the source that an item's records are counted off by: its watermark, or else what its first key field
/// is made of. Empty when neither is a plain column.
std::string rangeColumn(const ItemSpec& item);

/// A reader for a backfill: gives the rows of `inner` whose column number `column` lies in `range` (all of them when it
/// is nothing), and never tells the source what it may forget: that is between the source and the item's own runs.
std::unique_ptr<Reader> makeRangeReader(std::unique_ptr<Reader> inner, std::optional<std::size_t> column, Range range);

}  // namespace yimen::sync
