#pragma once

#include <string>
#include <vector>

#include "sync/item_spec.h"
#include "sync/source.h"

namespace yimen::sync {

/// What a backfill of a range would read.
struct BackfillPlan {
    Range range;                       ///< with the column that it goes by
    std::vector<std::string> columns;  ///< of the source now
    bool selective = false;            ///< the source gives the range alone; else it is read completely
};

/// Asks the source, reads no record. Without a column, that of rangeColumn(). kInvalidInput in words for a person when
/// the source has no such column. Blocking; any thread.
core::Result<BackfillPlan> planBackfill(Source& source, const ItemSpec& item, Range range);

}  // namespace yimen::sync
