#pragma once

#include <string>
#include <vector>

#include "sync/targets/options.h"
#include "sync/targets/sql.h"

namespace yimen::sync {

/// The control part of the one transaction that a commit is: the same SQL for both databases. Called inside a
/// transaction, by one thread.

/// "n_read, n_inserted, ...": columns of the counters, in the order of counterValues().
extern const char* const kCounterColumns;
/// Counters from eight cells beginning at `column`.
Counters countersAt(const SqlRows& rows, std::size_t row, std::size_t column);

/// Raises the fence and gives what was committed; a new run begins with counters of its own, and with the position of
/// the run before. Its own transaction: it waits for a commit of the former holder that is under way.
core::Result<TakenOver> takeOverPart(SqlSession& session, const Claim& wanted, const TargetOptions& options);

/// Locks the checkpoint of the claim. kConflict when the fence is not the claim's.
core::Status lockCheckpoint(SqlSession& session, const Claim& claim, Fencing fencing);
/// Locks all checkpoints of the item, so that no commit of another run is under way, and checks the claim's as above.
/// kUnavailable when that takes longer than `options.takeOverWait`. For runs beside the item's own.
core::Status lockItem(SqlSession& session, const Claim& claim, const TargetOptions& options);
/// The number that the rows of the coming commit carry.
core::Result<std::int64_t> nextBatchId(SqlSession& session);

/// What a commit says of open dead letters besides the refusals it adds.
struct LetterNews {
    std::vector<std::uint64_t> mended;    ///< keys of records that came in good, after any refusal in the same batch
    std::vector<std::uint64_t> replaced;  ///< keys refused again: what other rules said of older texts is out of date
    std::vector<DeadLetterId> replayed;   ///< letters that the batch was made of
    std::vector<DeadLetterId> resolved;   ///< letters whose record the item has newer
};

/// What a commit did, to be written down.
struct CommitRecord {
    const Claim* claim = nullptr;
    const Commit* batch = nullptr;
    std::int64_t id = 0;  ///< of nextBatchId()
    std::int64_t at = 0;  ///< ms since 1970
    Counters added;
    std::vector<std::uint64_t> seen;  ///< keys that a complete read saw and that did not change
    std::vector<Reject> rejected;     ///< all dead letters
    LetterNews letters;               ///< what else the batch says of open ones
};
/// Dead letters, lineage, seen keys, counters and checkpoint. kConflict when the fence is not the claim's any more.
core::Status writeRecord(SqlSession& session, const CommitRecord& record, const TargetOptions& options);

/// Adds to the counters of the claim alone. kConflict as above.
core::Status addToCheckpoint(SqlSession& session, const Claim& claim, const Counters& added, Fencing fencing);

}  // namespace yimen::sync
