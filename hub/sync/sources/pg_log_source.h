#pragma once

#include <chrono>
#include <memory>

#include "core/clock.h"
#include "sync/source.h"
#include "sync/sources/pg_replication.h"
#include "sync/sources/postgres_source.h"

namespace yimen::sync {

/// `log:` of an item's `read:`.
struct PgLogRead {
    PgLogNames names;
    std::chrono::milliseconds follow{0};  ///< an incremental read stays this long for what comes; 0: it ends when it
                                          ///< has seen what was there when it began
};

/// A table in PostgreSQL followed by its write-ahead log: every change, deletions too, in the order of the commits.
///
/// The first read, and each complete one, reads the table like makePostgresSource and then goes on where the slot was
/// before it: what changed meanwhile comes twice and ends equal. Places are confirmed to the server only after they are
/// durable in the target, so after a crash changes come again but none is lost. A slot that is missing, lost or was
/// made anew means that changes were: the read is refused until a complete one was made; so it is behind a TRUNCATE. A
/// transaction larger than a batch reaches the target in parts. Values that the log leaves out (TOAST) are read from
/// the table as it is now.
core::Result<std::unique_ptr<Source>> makePgLogSource(const PgAddress& address, PostgresRead read, PgLogRead log,
                                                      const core::Clock& clock);

}  // namespace yimen::sync
