#include "sync/raw_row.h"

#include <algorithm>

#include "core/json.h"

namespace yimen::sync {

std::string rawRowText(std::span<const SourceField> columns, const Batch& rows, std::size_t row) {
    core::Json out = core::Json::object();
    for (std::size_t i = 0; i < columns.size() && i < rows.columns(); ++i) {
        out[columns[i].name] = rows.isNull(row, i) ? core::Json(nullptr) : core::Json(std::string(rows.text(row, i)));
    }
    return core::writeJson(out);
}

core::Status addRawRow(std::span<const SourceField> columns, std::string_view raw, std::uint64_t origin, Batch& into) {
    const auto json = core::parseJson(raw);
    if (!json.ok() || !json->is_object()) {
        return core::makeError(
            core::ErrorCode::kInvalidInput,
            "原始记录不是 JSON 对象，无法重放 / the record is no JSON object of column to text: edit it first");
    }
    const std::size_t row = into.addRow(Op::kUpsert, origin);
    for (const auto& [name, value] : json->items()) {
        const auto column =
            std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.name == name; });
        const bool fits = column != columns.end() && (value.is_string() || value.is_null());
        const auto number = static_cast<std::size_t>(column - columns.begin());
        if (!fits || (value.is_string() && !into.set(row, number, value.get_ref<const std::string&>()))) {
            into.dropLastRow();
            return core::makeError(core::ErrorCode::kInvalidInput,
                                   "原始记录的列 / the record's column '" + name +
                                       "' is none of the source's, or its value is neither text nor null: edit it");
        }
    }
    return {};
}

}  // namespace yimen::sync
