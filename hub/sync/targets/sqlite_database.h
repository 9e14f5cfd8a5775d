#pragma once

#include <string>

#include "sync/run.h"
#include "sync/targets/options.h"

namespace yimen::sync::sqlite {

/// The shared database as one SQLite file (WAL, synchronous=FULL): the default, for one node. Creates the file and
/// brings its control tables up to date. Blocking; the parts of the result are thread-safe and outlive each other.
core::Result<SharedDatabase> open(const std::string& path, TargetOptions options);

}  // namespace yimen::sync::sqlite
