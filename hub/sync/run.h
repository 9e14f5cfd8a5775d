#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sync/counters.h"
#include "sync/job_queue.h"
#include "sync/row_lookup.h"
#include "sync/source.h"
#include "sync/target.h"

namespace yimen::sync {

/// Why a run is. At most one of each kind is under way for an item; they share its rows, not their checkpoints.
enum class RunKind {
    kSync,      ///< by schedule or by hand: what keeps the item true
    kBackfill,  ///< a range read again, beside the runs of kSync
    kReplay     ///< dead letters taken in
};
std::string_view toString(RunKind kind) noexcept;
/// Partition whose checkpoint a backfill or a replay uses: no source has one of such a name.
std::string_view partitionOf(RunKind kind) noexcept;

enum class RunState {
    kRunning,
    kDone,
    kPartial,   ///< done, with dead letters or a removal that waits for a person
    kFailed,    ///< stopped by an error that another try does not mend
    kRetrying,  ///< stopped by an error that may pass; goes on from its checkpoint
    kCancelled
};
std::string_view toString(RunState state) noexcept;

/// One run of one item, from its first read to its end, over restarts and take-overs.
struct Run {
    RunId id = 0;
    std::string item;
    RunKind kind = RunKind::kSync;
    ReadMode mode = ReadMode::kIncremental;
    RunState state = RunState::kRunning;
    std::int64_t startedAt = 0;  ///< ms since 1970
    std::int64_t endedAt = 0;    ///< 0 while it runs
    std::string mapVersion;
    std::string error;  ///< for people; no secret
    Counters counters;
    std::optional<Removal> removal;
};

/// Lineage: where the rows of one commit came from.
struct CommittedBatch {
    RunId run = 0;
    std::string partition;
    std::int64_t number = 0;
    Position from;
    Position after;
    Counters counters;
    std::int64_t committedAt = 0;  ///< ms since 1970
};

/// The log of runs, in the target. Thread-safe, blocking.
class RunLog {
public:
    virtual ~RunLog() = default;
    /// The run of this kind that is under way for the item (kRunning or kRetrying), or a new one of `mode`.
    virtual core::Result<Run> begin(const std::string& item, ReadMode mode, const std::string& mapVersion,
                                    RunKind kind = RunKind::kSync) = 0;
    /// Counters are summed from the partitions in the same transaction.
    virtual core::Status finish(RunId run, RunState state, const std::string& error) = 0;
    virtual core::Result<std::optional<Run>> find(RunId run) = 0;
    /// Newest first; `item` empty: of all.
    virtual core::Result<std::vector<Run>> list(const std::string& item, std::size_t limit) = 0;
    virtual core::Result<std::vector<CommittedBatch>> batches(RunId run, std::size_t limit) = 0;
};

/// Which dead letters: of one item, of one cause where it is named, of these numbers where there are any.
struct LetterFilter {
    std::string item;
    std::string rule{};                  ///< empty: any
    std::optional<std::string> field{};  ///< nothing: any
    std::vector<DeadLetterId> ids{};     ///< at most kMaxIds
    static constexpr std::size_t kMaxIds = 1000;
};

/// Dead letters of the target. Thread-safe, blocking.
class DeadLetters {
public:
    struct Group {
        std::string item;
        std::string rule;
        std::string field;
        std::uint64_t open = 0;
        DeadLetterId sample = 0;
        RunId lastRun = 0;
        std::int64_t lastSeen = 0;  ///< ms since 1970
    };
    virtual ~DeadLetters() = default;
    virtual core::Result<std::vector<Group>> groups() = 0;
    /// Open ones with ids above `after`, oldest first.
    virtual core::Result<std::vector<DeadLetter>> open(const LetterFilter& filter, DeadLetterId after,
                                                       std::size_t limit) = 0;
    virtual core::Status discard(const std::vector<DeadLetterId>& ids, const std::string& who) = 0;
};

/// Reading of items. Thread-safe, blocking.
class ItemRows {
public:
    struct Page {
        Batch rows;                      ///< columns of the schema
        std::vector<std::string> after;  ///< key cells of the last row; give it back for the next page
        bool end = true;
    };
    virtual ~ItemRows() = default;
    virtual core::Result<std::uint64_t> count(const ItemTable& item) = 0;
    /// In key order. `asOf` (ms since 1970): the rows as the shared database had them at that moment.
    virtual core::Result<Page> page(const ItemTable& item, const std::vector<std::string>& after, std::size_t limit,
                                    std::optional<std::int64_t> asOf) = 0;
    /// Keys (their cells) of some records whose removal the guard of `run` held back, and that the item still has.
    virtual core::Result<std::vector<std::vector<std::string>>> heldBack(const ItemTable& item, RunId run) = 0;
    static constexpr std::size_t kMaxHeldBack = 10;
};

class ItemView;  // item_view.h
class Inquirer;  // inquiry.h

/// Everything one shared database offers.
struct SharedDatabase {
    std::unique_ptr<Target> target;
    std::unique_ptr<RunLog> runs;
    std::unique_ptr<DeadLetters> deadLetters;
    std::unique_ptr<ItemRows> rows;
    std::unique_ptr<RowLookup> lookup;
    std::unique_ptr<JobQueue> jobs;
    std::unique_ptr<JobBoard> board;
    std::shared_ptr<ItemView> view;
    std::shared_ptr<Inquirer> inquirer;
};

}  // namespace yimen::sync
