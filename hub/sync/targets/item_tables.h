#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "sync/target.h"
#include "sync/targets/sql.h"

namespace yimen::sync {

/// The tables of one item: `table` with its fields and system columns, key fields as primary key, and
/// `table__history` with the versions that were replaced or removed.
/// System columns: _key and _hash (row_hash.h; a 64-bit pattern in a signed column), _source (supplying system), _batch
/// (sync_batch.id that wrote the row), _valid_from, and in the history _valid_to (ms since 1970).

/// SQL type of a field's column.
std::string columnType(const Field& field, Dialect dialect);
/// "a", "b" of the fields, each with `prefix` before it ("t." for t."a").
std::string fieldList(const Schema& schema, std::string_view prefix = {});
std::string keyList(const Schema& schema, std::string_view prefix = {});
/// t."k" = s."k" AND ...
std::string keyMatch(const Schema& schema, std::string_view left, std::string_view right);
/// Fields, then _key, _hash, _source, _batch, _valid_from.
std::string storedList(const Schema& schema, std::string_view prefix = {});

/// The schema as sync_item keeps it. kInvalidInput for anything else.
core::Result<Schema> schemaOfText(const std::string& text);

/// What changes from the schema that the tables have to `wanted`. kConflict, in words for a person, when a column would
/// be lost or narrowed or the key be another one.
core::Result<SchemaChange> schemaChange(const Schema& now, const ItemTable& wanted);

/// Creates or widens the tables of an item in one transaction, and notes its schema in sync_item.
core::Result<SchemaChange> prepareItem(SqlSession& session, const ItemTable& item, const core::Clock& clock);

}  // namespace yimen::sync
