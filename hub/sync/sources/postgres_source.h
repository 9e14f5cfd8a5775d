#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "config/yaml.h"
#include "core/clock.h"
#include "core/result.h"
#include "sync/source.h"
#include "sync/sources/pg_connection.h"
#include "sync/sources/secret_lookup.h"

namespace yimen::sync {

/// What to read from a PostgreSQL source: `read:` of an item.
struct PostgresRead {
    std::string table;                           ///< "schema.table"; or
    std::string query;                           ///< a SELECT of the administrator's, with every column named
    std::vector<std::string> columns;            ///< of the table; empty: all
    std::vector<std::string> key;                ///< order of a complete read; empty: the table's primary key
    std::string watermark;                       ///< column that grows with each change; empty: complete reads only
    std::chrono::milliseconds overlap{120'000};  ///< read again before the last bound: clocks of writers differ
};

/// A table, view or query in PostgreSQL. A complete read goes in key order and can be resumed after any key. An
/// incremental one goes in (watermark, key) order up to a bound fixed when it begins: below the start of the oldest
/// transaction that still runs, so that a row which is committed later than its watermark says is not passed over (for
/// watermarks of a time type; the server shows the transactions of others only to a member of pg_read_all_stats, for
/// everybody else the overlap has to do).
core::Result<std::unique_ptr<Source>> makePostgresSource(const PgAddress& address, PostgresRead read);
/// The columns of a table's primary key in its order; empty when it has none. "schema.table".
core::Result<std::vector<std::string>> pgPrimaryKey(PgConnection& connection, const std::string& table);
/// From a data.yaml, errors with file:line:column; with `read.log` the table is followed by its log (pg_log_source.h).
/// `clock` outlives the source.
core::Result<std::unique_ptr<Source>> readPostgresSource(const config::YamlNode& source, const config::YamlNode& read,
                                                         const SecretLookup& secrets, const core::Clock& clock);

}  // namespace yimen::sync
