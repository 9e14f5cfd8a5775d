#pragma once

#include "core/secret.h"
#include "sync/run.h"
#include "sync/targets/options.h"

namespace yimen::sync::postgres {

/// The shared database in a schema of a PostgreSQL server (12 or newer, encoding UTF8): for more than one node.
/// `conninfo`: keywords or URI as libpq takes them; a search_path in its options chooses the schema. Brings the control
/// tables up to date. Blocking; the parts of the result are thread-safe and outlive each other. kUnavailable when the
/// server does not answer.
core::Result<SharedDatabase> open(const core::Secret& conninfo, TargetOptions options);

}  // namespace yimen::sync::postgres
