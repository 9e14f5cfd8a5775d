#pragma once

#include "core/clock.h"
#include "sync/targets/sql.h"

namespace yimen::sync {

/// Brings the control tables (sync_*) to the newest form, one numbered step after another, each in its own transaction
/// and under a lock, so that hubs which start together do it once. kConflict when they are of a newer hub.
/// `upTo`: stop after that step; for tests that need a database as an older hub made it.
core::Status migrate(SqlSession& session, const core::Clock& clock, std::int64_t upTo = 0);

/// Now, as the shared database keeps time: ms since 1970.
std::int64_t nowMs(const core::Clock& clock);

}  // namespace yimen::sync
