#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sync/source.h"
#include "sync/sources/pg_connection.h"
#include "sync/sources/postgres_source.h"

namespace yimen::sync {

/// The statements of a PostgreSQL source, apart from the reading. One thread; blocking where a connection is asked.

/// Where a read stands. In JSON: {"k":[..],"w":"..","bound":".."} on the way, {"from":".."} when it ended.
struct PgPosition {
    std::vector<std::string> key;
    std::optional<std::string> watermark;
    std::optional<std::string> bound;
    std::optional<std::string> from;

    /// kCorrupt for a text that is none.
    static core::Result<PgPosition> parse(const Position& text);
    Position text() const;
};

/// The statement's parts that do not change.
struct PgPlan {
    std::string relation;  ///< "(SELECT ...) AS source"
    std::vector<SourceField> columns;
    std::vector<std::size_t> key;  ///< numbers of columns
    std::optional<std::size_t> watermark;
    /// Type in full precision in which a watermark that is a time is compared; empty: the watermark is no time. Bounds
    /// rounded to a column of whole seconds would leave out what was written in the running second, or pass over it.
    std::string timeType;
    std::chrono::milliseconds overlap{0};
};

/// What the source has now under `read`. kInvalidInput for a table without a key, or a column that is not there.
core::Result<PgPlan> makePgPlan(PgConnection& connection, const PostgresRead& read);
/// The plan for a part that Source::range() made. Its bounds are compared as the column's own type.
core::Status limitPgPlan(PgPlan& plan, const std::string& bound);
/// The end of what an incremental read sees. Rows at or above it may still be on their way to their commit.
core::Result<std::optional<std::string>> pgBound(PgConnection& connection, const PgPlan& plan);
/// All rows in key order after `at`.
std::string pgCompleteSql(const PgPlan& plan, const PgPosition& at);
/// Rows in (watermark, key) order after `at`, up to its bound.
std::string pgChangesSql(const PgPlan& plan, const PgPosition& at);

}  // namespace yimen::sync
