#include "sync/targets/names.h"

#include <algorithm>
#include <set>

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::makeError;

constexpr std::size_t kMaxColumnName = 63;

bool isName(std::string_view name, std::size_t longest) {
    if (name.empty() || name.size() > longest || name[0] < 'a' || name[0] > 'z') return false;
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

core::Error refusal(const ItemTable& item, const std::string& what) {
    return makeError(ErrorCode::kInvalidInput, "数据项 / item " + item.code + ": " + what);
}

core::Status checkField(const ItemTable& item, const Field& field) {
    if (!isName(field.name, kMaxColumnName)) {
        return refusal(item, "field name \"" + field.name +
                                 "\": begin with a-z, go on with a-z, 0-9 or _, and use at most 63 characters");
    }
    if (field.key && (field.type == FieldType::kDecimal || field.type == FieldType::kJson)) {
        return refusal(item, "key field " + field.name + ": a " + std::string(toString(field.type)) +
                                 " cannot be a key; use integer or text");
    }
    return {};
}

}  // namespace

core::Status checkItem(const ItemTable& item) {
    if (item.code.empty()) return makeError(ErrorCode::kInvalidInput, "数据项缺少编码 / an item needs a code");
    if (!isName(item.table, kMaxTableName) || item.table.rfind("sync_", 0) == 0 ||
        item.table.find("__") != std::string::npos || item.table.rfind("sqlite_", 0) == 0 ||
        item.table.rfind("pg_", 0) == 0) {
        return refusal(item, "table name \"" + item.table +
                                 "\": begin with a-z, go on with a-z, 0-9 or single _, at most 54 characters, not "
                                 "beginning with sync_, pg_ or sqlite_");
    }
    std::set<std::string_view> names;
    for (const Field& field : item.schema.fields) {
        YIMEN_TRY_STATUS(checkField(item, field));
        if (!names.insert(field.name).second) return refusal(item, "field " + field.name + " is there twice");
    }
    if (item.schema.keys().empty()) return refusal(item, "no field is a key");
    if (item.version) {
        if (*item.version >= item.schema.fields.size()) return refusal(item, "its version field is not there");
        const Field& field = item.schema.fields[*item.version];
        if (field.type == FieldType::kDecimal || field.type == FieldType::kJson || field.type == FieldType::kBoolean) {
            return refusal(item, "version field " + field.name + ": use integer, date, datetime or text");
        }
    }
    return {};
}

std::string quotedName(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

std::string historyName(std::string_view table) {
    return std::string(table) + "__history";
}

}  // namespace yimen::sync
