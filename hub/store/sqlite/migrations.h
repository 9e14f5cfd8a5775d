#pragma once

#include <Poco/Data/Session.h>

#include <span>
#include <vector>

#include "core/result.h"

namespace yimen::store::sqlite {

/// One step of the schema. Steps that were released are never changed; what comes later gets the next number.
struct Migration {
    int number;
    const char* name;
    std::vector<const char*> statements;
};

/// All steps, numbered from 1 without a gap.
const std::vector<Migration>& migrations();

/// Applies what is missing, one transaction per step, so that a kill leaves whole steps only. kConflict when the file
/// is newer than `steps`; kCorrupt when it is a database of another program. Blocking; a second process waits.
core::Status migrate(Poco::Data::Session& session, std::span<const Migration> steps);

}  // namespace yimen::store::sqlite
