#pragma once

#include <string>

#include "store/stores.h"

namespace yimen::store::sqlite {

struct Options {
    std::string path;          ///< the file; its folder must exist
    int readers = 4;           ///< connections for reading; one more asks for a turn and waits
    int busyTimeoutMs = 5000;  ///< how long another process may hold the file before kUnavailable
};

/// Opens or creates the database and brings its schema up to date, one numbered migration per transaction.
/// Errors: kUnavailable (cannot open, or held by another process), kConflict (the schema is newer than this program),
/// kCorrupt (not one of our files). Blocking; call at start-up.
core::Result<Stores> open(const Options& options);

}  // namespace yimen::store::sqlite
