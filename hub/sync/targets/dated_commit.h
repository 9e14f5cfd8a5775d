#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "sync/targets/checkpoint.h"
#include "sync/targets/plan.h"

namespace yimen::sync {

struct Outcome;  // fenced_writer.h

/// A commit of rows that are older than the moment they are written: dead letters that are replayed, a range that is
/// read beside the item's own runs. What the item has newer, or lost since, stays as it is. Made inside the transaction
/// under lockItem(), so that nobody writes the item in between.
class DatedCommit {
    /// Only make() makes one.
    struct Private {};

public:
    /// Locks the letters of the batch and leaves out what is out of date. `batch` outlives it.
    static core::Result<std::unique_ptr<DatedCommit>> make(SqlSession& session, const ItemTable& item,
                                                           const Claim& claim, const Commit& batch);
    DatedCommit(Private, const ItemTable& item, const Commit& batch) : item_(item), batch_(batch) {}
    /// What is to be written.
    const Commit& commit() const noexcept { return commit_; }
    /// What becomes of the letters it was made of.
    void close(CommitRecord& record, const BatchPlan& plan, const Outcome& outcome) const;

private:
    struct Letter {
        std::int64_t batch = 0;  ///< that refused it last
        std::int64_t at = 0;     ///< ms since 1970
        std::string rule;
        std::uint64_t identity = 0;
        std::int64_t times = 0;
    };
    /// What the item has under one key: the batch that wrote it, or when it was removed last.
    struct Stored {
        std::int64_t batch = 0;
        std::int64_t removedAt = 0;
        bool own = false;  ///< written by the claim's run
        bool newerThan(const Moment& moment) const noexcept {
            return !own && (batch > moment.batch || removedAt > moment.at);
        }
    };
    core::Status readLetters(SqlSession& session);
    core::Status readStored(SqlSession& session, RunId run);
    core::Status readRemoved(SqlSession& session, const std::vector<std::uint64_t>& keys);
    bool outdated(std::uint64_t key, const Moment& moment) const;
    void leaveOut();
    void keep(const std::vector<bool>& rows, const std::vector<bool>& rejects);

    const ItemTable& item_;
    const Commit& batch_;
    std::unordered_map<DeadLetterId, Letter> letters_;  ///< those that are open
    std::vector<std::uint64_t> keys_;                   ///< of batch_.rows, then of what was refused and has one
    std::unordered_map<std::uint64_t, Stored> stored_;
    std::vector<DeadLetterId> resolved_;  ///< out of date as they are
    Batch rows_;
    Commit commit_;
};

}  // namespace yimen::sync
