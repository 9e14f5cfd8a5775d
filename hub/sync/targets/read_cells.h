#pragma once

#include <string>

#include "sync/schema.h"
#include "sync/targets/sql.h"

namespace yimen::sync {

/// A cell as the database gives it, in the canonical form of schema.h.
std::string canonicalCell(FieldType type, std::string cell, Dialect dialect);
/// A canonical cell as a parameter of this database. The text must be valid for the type (wrongWith).
SqlValue boundCell(FieldType type, const std::string& cell, Dialect dialect);
/// Type of a value that is compared with a column of PostgreSQL.
std::string comparedType(FieldType type);
/// "$3" as a value of the field's type, so that both databases compare alike.
std::string typedPlaceholder(std::size_t number, const Field& field, Dialect dialect);

}  // namespace yimen::sync
