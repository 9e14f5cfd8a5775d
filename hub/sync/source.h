#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sync/batch.h"
#include "sync/dead_letter.h"

namespace yimen::sync {

/// Where reading stands in one partition: a text that only its source understands (JSON by custom: {"after":[..]},
/// {"lsn":".."}, {"file":"..","sha":"..","line":..}). Empty: from the beginning. Stored in the target beside the rows.
using Position = std::string;

/// A column as the source has it now.
struct SourceField {
    std::string name;
    std::string type;  ///< the source's own word; may be empty
    bool operator==(const SourceField&) const = default;
};

/// Their names, in their order.
inline std::vector<std::string> columnNames(const std::vector<SourceField>& fields) {
    std::vector<std::string> out;
    out.reserve(fields.size());
    for (const SourceField& field : fields) out.push_back(field.name);
    return out;
}

enum class ReadMode {
    kFull,        ///< every record the source has: what is absent at the end has been deleted
    kIncremental  ///< what changed since the position, with the source's overlap
};

/// One part of a read that can be resumed by itself. At most kMaxPartitions per item: rows of a table, not a million
/// tasks.
struct Partition {
    std::string id;     ///< stable over restarts; "" when there is only one
    std::string bound;  ///< the source's own words for what belongs to it (JSON); fixed when the run begins
    bool operator==(const Partition&) const = default;
};
inline constexpr std::size_t kMaxPartitions = 256;

struct ReadState {
    Position position;  ///< after the rows in the batch: committed with them
    bool end = false;   ///< nothing more now; the batch may still hold rows
    /// Records that could not be taken apart (rule "format"): read, and dead letters already. They belong to the same
    /// commit as the batch, and count as read and rejected.
    std::vector<Reject> rejected;
};

/// A read in progress. One thread, blocking: the read stage of a pipeline. Destroying it ends the read.
class Reader {
public:
    virtual ~Reader() = default;
    /// Fills `into` (reset by the caller to describe().size() columns) with raw cells in UTF-8. Never throws a row away
    /// in silence: a record it cannot take apart is in `rejected` or fails the read, as its format says.
    /// Errors: kUnavailable and kTimeout are worth another try later; kUpstream, kCorrupt, kInvalidInput are not.
    virtual core::Result<ReadState> read(Batch& into) = 0;
    /// The rows up to `position` are durable: the source may forget them (log position confirmed, file moved).
    virtual core::Status confirm(const Position& position) {
        (void)position;
        return {};
    }
    /// Any thread, while read() may be under way: the read is not wanted any more. A read that waits for its source
    /// ends soon, with any error; readers that never wait long need not do anything.
    virtual void interrupt() noexcept {}
};

/// Part of the records by the value of one column: from `from` up to but not including `to`; an empty one is open.
struct Range {
    std::string column;
    std::string from;
    std::string to;
};

/// Something rows come from. Thread-safe; every call may block on the network. Holds its own credentials.
class Source {
public:
    virtual ~Source() = default;
    /// Columns as the source has them now, in the order of the cells that read() gives.
    virtual core::Result<std::vector<SourceField>> describe() = 0;
    /// False for a source that only reads completely (nothing in its records says what changed), or only changes.
    virtual bool canRead(ReadMode mode) const {
        (void)mode;
        return true;
    }
    /// The parts of a new run. `mode` may be refused (kInvalidInput) by a source that cannot do it.
    virtual core::Result<std::vector<Partition>> partitions(ReadMode mode) = 0;
    /// The part of a complete read that lies in `range`; nothing when the source cannot look for it: then whoever asks
    /// reads everything and leaves out the rest.
    virtual core::Result<std::optional<Partition>> range(const Range& range) {
        (void)range;
        return std::optional<Partition>();
    }
    virtual core::Result<std::unique_ptr<Reader>> open(const Partition& partition, ReadMode mode, Position from) = 0;
    /// Any thread, while any call of it or of its readers may be under way: nothing of it is wanted any more. Calls
    /// that wait for the source end within about a second, with any error, and so do later ones.
    virtual void interrupt() noexcept {}
};

}  // namespace yimen::sync
