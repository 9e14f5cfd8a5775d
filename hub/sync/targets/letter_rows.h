#pragma once

#include "sync/targets/checkpoint.h"

namespace yimen::sync {

/// Dead letters as rows, inside the transaction of a commit. A letter is open until it is replayed or discarded by a
/// person, resolved (its record came in good or was deleted), replaced (its record was refused for something else
/// since) or gone (a complete read did not find its record any more). What has no key waits for a person.

/// Writes the refusals of a commit: one that is open already is counted again (run, time and text of now), not doubled.
/// Closes the letters the batch was made of, and those that it says something of.
core::Status writeLetters(SqlSession& session, const CommitRecord& record, const TargetOptions& options);

/// After a complete read by `run`, beside the removal of what it did not see.
core::Status closeVanished(SqlSession& session, const std::string& item, RunId run, std::int64_t now);

}  // namespace yimen::sync
