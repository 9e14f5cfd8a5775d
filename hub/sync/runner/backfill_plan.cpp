#include "sync/runner/backfill_plan.h"

#include <algorithm>
#include <utility>

#include "sync/runner/range_reader.h"

namespace yimen::sync {

core::Result<BackfillPlan> planBackfill(Source& source, const ItemSpec& item, Range range) {
    if (range.column.empty()) range.column = rangeColumn(item);
    YIMEN_TRY(const auto fields, source.describe());
    BackfillPlan plan{std::move(range), columnNames(fields), false};
    const std::string& column = plan.range.column;
    if (column.empty()) return plan;
    if (std::find(plan.columns.begin(), plan.columns.end(), column) == plan.columns.end()) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "源没有这一列 / the source has no column '" + column + "' to take a range of");
    }
    if (plan.range.from.empty() && plan.range.to.empty()) return plan;
    YIMEN_TRY(const auto part, source.range(plan.range));
    plan.selective = part.has_value();
    return plan;
}

}  // namespace yimen::sync
