#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sync/batch.h"
#include "sync/counters.h"
#include "sync/dead_letter.h"
#include "sync/schema.h"
#include "sync/source.h"

namespace yimen::sync {

using RunId = std::int64_t;
using Fence = std::int64_t;

/// What a target needs to know about one data item.
struct ItemTable {
    std::string code;    ///< "ZS-SQ-013"
    std::string table;   ///< name in the shared database
    std::string title;   ///< Chinese name; a comment on the table where the target has comments
    std::string system;  ///< supplying system: provenance of each row
    Schema schema;
    /// Number of the field that orders versions of one key (a time or sequence); a row older than the stored one is
    /// counted as deduped and changes nothing. Nothing: the last one wins.
    std::optional<std::size_t> version;
    bool operator==(const ItemTable&) const = default;
};

/// What prepare() did to a table.
struct SchemaChange {
    bool created = false;
    std::vector<std::string> added;    ///< new columns
    std::vector<std::string> widened;  ///< "age: integer -> text"
    bool any() const noexcept { return created || !added.empty() || !widened.empty(); }
};

/// The right to write one partition of one item. Whoever takes it over raises the fence under the row lock, which waits
/// for a commit of the former holder that is still under way; from then on the former holder's commits are refused.
struct Claim {
    std::string item;
    std::string partition;
    Fence fence = 0;
    RunId run = 0;
};

/// A moment in the history of the shared database.
struct Moment {
    std::int64_t batch = 0;  ///< number of the newest commit
    std::int64_t at = 0;     ///< ms since 1970
};

struct TakenOver {
    Claim claim;
    Position position;       ///< committed last; empty at first
    Counters counters;       ///< of `claim.run` in this partition, as committed
    bool finished = false;   ///< the partition's read has ended in this run
    std::int64_t batch = 0;  ///< number of the last committed batch of the run in this partition
    Moment now;
};

/// One batch, ready to be written.
struct Commit {
    const Batch* rows = nullptr;  ///< mapped and checked: columns are the item's fields
    std::vector<Reject> rejected;
    std::uint64_t read = 0;  ///< rows the source gave for it: rows->rows() + rejected.size() + dropped ones
    Position from;           ///< lineage
    Position after;          ///< becomes the checkpoint in the same transaction
    std::string mapVersion;
    bool end = false;       ///< the partition's read ends with this batch
    bool complete = false;  ///< the run reads everything from the beginning: note which keys were seen
    /// The rows were read at this moment, beside the item's own runs: what these wrote or removed since is newer, and
    /// such rows are left out (deduped).
    std::optional<Moment> asOf{};
    /// A dead letter that the batch was made of, and what of the batch it became: a row of `rows`, one of `rejected`,
    /// or nothing (the script dropped it).
    struct Replayed {
        DeadLetterId id = 0;
        std::optional<std::uint32_t> row{};
        std::optional<std::uint32_t> reject{};
        std::int64_t times = 1;  ///< DeadLetter::times when its text was read
        bool edited = false;     ///< a person changed its record
    };
    /// Either empty or for every row and refusal of the batch. Letters that are taken in, or refused for another cause
    /// now, are closed in the same transaction. A letter that was closed or refused again meanwhile, or whose record
    /// the item has from a newer commit, is left out of the batch and of its count of rows read (the last is closed
    /// unless it was edited).
    std::vector<Replayed> replayed;
    /// Gets the letters that were left out. May be null.
    std::vector<DeadLetterId>* left = nullptr;
    /// Does everything but the commit: what would become of the rows. Needs no claim but its item; leaves no trace.
    bool trial = false;
    /// Source text of a row of `rows` (see Reject::raw), asked for when the target refuses the row. Empty: the cells of
    /// the item's fields are kept instead.
    std::function<std::string(std::size_t)> raw;
};

/// When a complete read may remove what it did not see.
struct RemovalGuard {
    double maxShare = 0.05;            ///< of the rows the item had; above it a person has to confirm
    bool refuseEmpty = true;           ///< a source without a single record removes nothing
    std::optional<RunId> confirmedBy;  ///< a person looked at that run's refusal and said yes
    bool hold = false;                 ///< another check of the run asks for a person first
};

struct Removal {
    std::uint64_t unseen = 0;   ///< keys the source no longer has
    std::uint64_t before = 0;   ///< rows the item had
    std::uint64_t removed = 0;  ///< 0 when the guard held: `refused`
    bool refused = false;
};

/// Writing of one item by one pipeline: remembers which keys the target has and which were seen. One thread.
class ItemWriter {
public:
    virtual ~ItemWriter() = default;
    /// Rows, dead letters, lineage, counters and checkpoint in one transaction. Gives what this batch added to the
    /// counters (balanced; `read` is less than the batch's by the letters left out). kConflict: the fence is not ours
    /// any more, nothing was written, stop. kUnavailable: nothing is known; take over again and read the checkpoint. A
    /// row that the database itself refuses is found by halving and becomes a dead letter (rule "target").
    virtual core::Result<Counters> commit(const Claim& claim, const Commit& batch) = 0;
    /// After a complete read in which every partition ended: removes (with history) the keys that were not seen.
    virtual core::Result<Removal> removeUnseen(const Claim& claim, const RemovalGuard& guard) = 0;
};

/// The shared database. Thread-safe; every call may block.
class Target {
public:
    virtual ~Target() = default;
    /// Creates or widens the table. Narrowing a type, changing the key or dropping a column is refused with
    /// kConflict and words for a person: never in silence.
    virtual core::Result<SchemaChange> prepare(const ItemTable& item) = 0;
    virtual core::Result<TakenOver> takeOver(const std::string& item, const std::string& partition, RunId run) = 0;
    /// `complete`: the run compares keys at its end, so the writer remembers which ones it saw.
    virtual core::Result<std::unique_ptr<ItemWriter>> writer(const ItemTable& item, bool complete) = 0;
};

/// Failure points named for tests: called with the name of the point; the default does nothing. "copy", "merge",
/// "before_commit", "after_commit" in targets; "read", "map", "confirm" in the pipeline.
using FailPoint = std::function<void(std::string_view)>;

}  // namespace yimen::sync
