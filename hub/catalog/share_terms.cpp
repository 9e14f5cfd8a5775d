#include "catalog/share_terms.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "identity/role.h"

namespace yimen::catalog {

namespace {

using core::ErrorCode;
using core::Json;

constexpr std::array<std::pair<std::string_view, Mask>, 6> kMasks{{{"plain", Mask::kPlain},
                                                                   {"name", Mask::kName},
                                                                   {"id_number", Mask::kIdNumber},
                                                                   {"phone", Mask::kPhone},
                                                                   {"address", Mask::kAddress},
                                                                   {"hash", Mask::kHash}}};

/// Reads terms and gathers what is wrong with them.
class TermsReader {
public:
    explicit TermsReader(const sync::ItemTable& item) : item_(item) {}

    core::Result<ShareTerms> read(const Json& json) {
        note(core::JsonReader(json).onlyKeys({"columns", "rows", "rows_per_day", "calls_per_day", "roles"}));
        ShareTerms out;
        readColumns(json, out);
        readRows(json, out);
        out.quota.rows = number(json, "rows_per_day", out.quota.rows, kMaxRowsPerDay);
        out.quota.calls = number(json, "calls_per_day", out.quota.calls, kMaxCallsPerDay);
        out.roles = roles(json, "roles", "$.roles");
        if (faults_.empty()) return out;
        return core::makeError(ErrorCode::kInvalidInput, faults_);
    }

private:
    void fault(const std::string& what) { faults_ += (faults_.empty() ? "" : "\n") + what; }
    void note(const core::Status& status) {
        if (!status.ok()) fault(status.error().message);
    }

    const sync::Field* field(const std::string& name, const std::string& place) {
        const auto found = item_.schema.find(name);
        if (found) return &item_.schema.fields[*found];
        fault(place + ": 数据项没有字段 / the item has no field '" + name + "'");
        return nullptr;
    }

    std::int64_t number(const Json& json, const char* key, std::int64_t otherwise, std::int64_t most) {
        if (!core::JsonReader(json).has(key)) return otherwise;
        const auto value = core::JsonReader(json).integer(key);
        note(value.ok() ? core::Status() : core::Status(value.error()));
        if (!value.ok()) return otherwise;
        if (*value < 1 || *value > most) fault(std::string("$.") + key + ": 1.." + std::to_string(most));
        return *value;
    }

    std::vector<std::string> roles(const Json& json, const char* key, const std::string& place) {
        std::vector<std::string> out;
        if (!core::JsonReader(json).has(key)) return out;
        if (!json[key].is_array()) {
            fault(place + ": 须为列表 / must be a list of roles");
            return out;
        }
        for (const Json& role : json[key]) {
            if (!role.is_string() || !identity::roleFromText(role.get<std::string>())) {
                fault(place + ": 没有此角色 / no such role");
            } else {
                out.push_back(role.get<std::string>());
            }
        }
        return out;
    }

    void readColumn(const Json& json, const std::string& place, ShareTerms& out) {
        const core::JsonReader reader(json, place);
        note(reader.onlyKeys({"field", "mask", "filter", "plain_for"}));
        const auto name = reader.text("field");
        if (!name.ok()) return note(name.error());
        SharedColumn column;
        column.field = *name;
        const sync::Field* known = field(*name, place);
        if (out.find(*name) != nullptr) fault(place + ": 字段重复 / field '" + *name + "' stands twice");
        if (reader.has("mask")) {
            const auto word = reader.text("mask");
            const auto mask = word.ok() ? maskOf(*word) : std::nullopt;
            if (!mask) fault(place + ".mask: plain, name, id_number, phone, address, hash");
            column.mask = mask.value_or(Mask::kHash);
        }
        const bool text = known != nullptr && known->type == sync::FieldType::kText;
        if (known != nullptr && !text && column.mask != Mask::kPlain && column.mask != Mask::kHash) {
            fault(place + ".mask: 非文本字段只能 plain 或 hash / a field that is no text takes plain or hash");
        }
        if (reader.has("filter")) {
            const auto filter = reader.boolean("filter");
            note(filter.ok() ? core::Status() : core::Status(filter.error()));
            column.filter = filter.ok() && *filter;
        }
        column.plainFor = roles(json, "plain_for", place + ".plain_for");
        out.columns.push_back(std::move(column));
    }

    void readColumns(const Json& json, ShareTerms& out) {
        if (!core::JsonReader(json).has("columns") || !json["columns"].is_array() || json["columns"].empty()) {
            return fault("$.columns: 至少一列 / a list of at least one column");
        }
        for (std::size_t i = 0; i < json["columns"].size(); ++i) {
            readColumn(json["columns"][i], "$.columns[" + std::to_string(i) + "]", out);
        }
    }

    void readRows(const Json& json, ShareTerms& out) {
        if (!core::JsonReader(json).has("rows") || json["rows"].is_null()) return;
        const core::JsonReader reader(json["rows"], "$.rows");
        note(reader.onlyKeys({"field", "unit"}));
        const auto name = reader.text("field");
        const auto unit = reader.text("unit");
        if (!name.ok()) return note(name.error());
        if (!unit.ok()) return note(unit.error());
        const sync::Field* known = field(*name, "$.rows");
        if (known != nullptr && known->type != sync::FieldType::kText) {
            fault("$.rows.field: 须为文本字段 / must be a text field with codes of units");
        }
        out.rows = SharedRows{*name, *unit};
    }

    const sync::ItemTable& item_;
    std::string faults_;
};

}  // namespace

std::string_view toString(Mask mask) noexcept {
    for (const auto& [word, value] : kMasks) {
        if (value == mask) return word;
    }
    return "hash";
}

std::optional<Mask> maskOf(std::string_view word) noexcept {
    for (const auto& [known, value] : kMasks) {
        if (known == word) return value;
    }
    return std::nullopt;
}

const SharedColumn* ShareTerms::find(std::string_view field) const noexcept {
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const SharedColumn& one) { return one.field == field; });
    return found == columns.end() ? nullptr : &*found;
}

core::Result<ShareTerms> readTerms(const core::Json& json, const sync::ItemTable& item) {
    if (!json.is_object()) return core::makeError(ErrorCode::kInvalidInput, "terms: 须为对象 / must be an object");
    return TermsReader(item).read(json);
}

core::Json termsJson(const ShareTerms& terms) {
    Json columns = Json::array();
    for (const SharedColumn& column : terms.columns) {
        columns.push_back({{"field", column.field},
                           {"mask", std::string(toString(column.mask))},
                           {"filter", column.filter},
                           {"plain_for", column.plainFor}});
    }
    Json rows = nullptr;
    if (terms.rows) rows = {{"field", terms.rows->field}, {"unit", terms.rows->unit}};
    return {{"columns", std::move(columns)},
            {"rows", std::move(rows)},
            {"rows_per_day", terms.quota.rows},
            {"calls_per_day", terms.quota.calls},
            {"roles", terms.roles}};
}

}  // namespace yimen::catalog
