#include "sync/targets/read_cells.h"

#include "sync/targets/cells.h"
#include "sync/targets/item_tables.h"

namespace yimen::sync {

std::string canonicalCell(FieldType type, std::string cell, Dialect dialect) {
    if (type == FieldType::kBoolean) return cell == "t" || cell == "1" ? "true" : "false";
    if (type == FieldType::kDateTime && dialect == Dialect::kPostgres && cell.size() > 10) {
        cell[10] = 'T';  // "2026-06-30 08:00:00.5+08": the session's zone is the district's
        cell += ":00";
    }
    return cell;
}

SqlValue boundCell(FieldType type, const std::string& cell, Dialect dialect) {
    if (type == FieldType::kInteger) return integerOf(cell).value_or(0);
    if (dialect == Dialect::kSqlite && type == FieldType::kBoolean) return std::int64_t{cell == "true" ? 1 : 0};
    if (dialect == Dialect::kSqlite && type == FieldType::kDateTime) return instantText(instantOf(cell).value_or(0));
    return cell;
}

std::string comparedType(FieldType type) {
    const std::string out = columnType({"", "", type}, Dialect::kPostgres);
    return out.substr(0, out.find(" COLLATE"));
}

std::string typedPlaceholder(std::size_t number, const Field& field, Dialect dialect) {
    const std::string out = "$" + std::to_string(number);
    return dialect == Dialect::kPostgres ? "CAST(" + out + " AS " + comparedType(field.type) + ")" : out;
}

}  // namespace yimen::sync
