#include "sync/drift.h"

#include <algorithm>
#include <set>

#include "sync/mapping/field_spec.h"

namespace yimen::sync {

core::Result<Drift> driftOf(const ItemSpec& item, const std::vector<SourceField>& columns) {
    config::YamlErrors errors;
    const auto fields = mapping::readFields(item.fields, !item.script.empty(), errors);
    YIMEN_TRY_STATUS(errors.status());
    Drift out;
    out.script = !item.script.empty();
    std::set<std::string> read;
    const auto add = [&](const std::string& column, const std::string& field) {
        read.insert(column);
        const auto same = [&](const SourceField& one) { return one.name == column; };
        if (std::none_of(columns.begin(), columns.end(), same)) out.missing.push_back({column, field});
    };
    for (const auto& field : fields) {
        for (const std::string& column : field.columns) add(column, field.field.name);
    }
    if (item.deletes.how == DeleteRule::How::kFlag) add(item.deletes.field, "deletes.field");
    for (const SourceField& column : columns) {
        if (!read.contains(column.name)) out.unread.push_back(column);
    }
    return out;
}

}  // namespace yimen::sync
