#include "sync/inquiry.h"

#include <algorithm>

#include "core/ascii.h"

namespace yimen::sync {

namespace {

bool isName(std::string_view name) {
    if (name.empty() || name.size() > 63 || !(name[0] >= 'a' && name[0] <= 'z')) return false;
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

core::Status checkInquiry(const Inquiry& inquiry) {
    const auto refuse = [](const std::string& what) { return core::makeError(core::ErrorCode::kInvalidInput, what); };
    if (inquiry.columns.empty()) return refuse("查询未列出列 / the query names no columns");
    for (const std::string& column : inquiry.columns) {
        if (!isName(column)) return refuse("列名无效 / not a column name: '" + column + "'");
    }
    const std::string_view sql = core::trim(inquiry.sql);
    if (!core::equalIgnoreCase(sql.substr(0, 6), "select") && !core::equalIgnoreCase(sql.substr(0, 4), "with")) {
        return refuse("只允许查询 / a query begins with SELECT or WITH");
    }
    if (sql.find('\0') != std::string_view::npos || sql.find(';') != std::string_view::npos) {
        return refuse("只允许一条语句 / a query is one statement, without ';'");
    }
    return {};
}

std::string inquirySql(const Inquiry& inquiry) {
    std::string columns;  // with their table, or SQLite takes a name that is none for a text
    for (const std::string& column : inquiry.columns)
        columns += (columns.empty() ? "asked.\"" : ", asked.\"") + column + "\"";
    return "SELECT " + columns + " FROM (" + std::string(core::trim(inquiry.sql)) + "\n) asked LIMIT " +
           std::to_string(inquiry.rows + 1);
}

}  // namespace yimen::sync
