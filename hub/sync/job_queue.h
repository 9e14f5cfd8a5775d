#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sync/target.h"

namespace yimen::sync {

/// The standing order to run one item, as a row that all nodes see; or the order to read a range of it once.
struct Job {
    std::string item;
    std::int64_t nextRun = 0;  ///< ms since 1970; 0: by hand only
    bool paused = false;
    bool full = false;            ///< the next run reads everything
    std::int64_t failures = 0;    ///< runs in a row that ended by an error
    std::string owner;            ///< node that runs it now; empty: nobody
    std::int64_t leaseUntil = 0;  ///< ms since 1970
    Fence fence = 0;
    RunId confirmedRun = 0;  ///< the next run may remove what that one's guard held back; 0: none
    std::optional<Range> backfill{};
};

/// By which a job is known while it runs: the item's own by its code, a backfill by that and a suffix.
inline std::string jobName(const std::string& item, bool backfill) {
    return backfill ? item + ":backfill" : item;
}

/// The right to run one job until the lease ends.
struct JobLease {
    std::string item;
    Fence fence = 0;
    bool full = false;
    std::int64_t failures = 0;
    std::optional<RunId> confirmedRun{};  ///< see Job
    std::optional<Range> backfill{};
    std::string name() const { return jobName(item, backfill.has_value()); }
};

/// Claims jobs for a node. Rows with leases and fences: a node that dies lets its jobs go when the lease ends, one that
/// only slept finds its fence taken. Thread-safe, blocking.
class JobQueue {
public:
    virtual ~JobQueue() = default;
    /// The most overdue job that is not paused and that nobody holds; nothing when none is due.
    virtual core::Result<std::optional<JobLease>> claim(const std::string& owner, std::chrono::milliseconds lease) = 0;
    /// False when the lease was lost: stop the work.
    virtual core::Result<bool> extend(const JobLease& lease, std::chrono::milliseconds by) = 0;
    /// Names of the jobs that this node runs and somebody wants to stop.
    virtual core::Result<std::vector<std::string>> cancelled(const std::string& owner) = 0;
    /// Gives the job back with its next time. Nothing happens when the lease was lost. What a person confirmed holds
    /// until a run that knew of it did not fail. A backfill is over, however it ended.
    virtual core::Status complete(const JobLease& lease, std::int64_t nextRun, bool failed) = 0;
};

/// What people do with jobs. Thread-safe, blocking.
class JobBoard {
public:
    virtual ~JobBoard() = default;
    /// Makes the rows agree with the items there are: new ones begin at `firstRun`, those of items that are gone are
    /// removed, the others keep their times.
    virtual core::Status declare(const std::vector<std::pair<std::string, std::int64_t>>& firstRuns) = 0;
    virtual core::Result<std::vector<Job>> list() = 0;
    virtual core::Status pause(const std::string& item, bool paused) = 0;
    /// Due at once. kNotFound for an item without a job.
    virtual core::Status runNow(const std::string& item, bool full) = 0;
    /// A person looked at what the guard of `run` held back and agreed: a complete read is due at once that may remove
    /// as much. kConflict when nothing waits there: it never did, it runs still, or a newer complete read knows better.
    virtual core::Status confirmRemoval(const std::string& item, RunId run) = 0;
    /// A range is due at once, beside the item's own runs. kConflict while one is: cancel it first.
    virtual core::Status backfill(const std::string& item, const Range& range) = 0;
    /// Ends the run that is under way, on whichever node; that node sees it within a second or so. kConflict when the
    /// item does not run. `backfill`: the item's backfill instead, which is taken back when it has not begun.
    virtual core::Status cancel(const std::string& item, bool backfill = false) = 0;
};

}  // namespace yimen::sync
