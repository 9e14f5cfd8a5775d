#pragma once

#include <map>
#include <string>
#include <vector>

#include "sync/runner/item_runner.h"

namespace yimen::sync {

struct ReplayWish {
    LetterFilter filter;
    /// Source texts to use instead of the ones kept (see raw_row.h). A letter that is refused again keeps the new text.
    std::map<DeadLetterId, std::string> edits;
    bool dryRun = true;
};

/// What became of one letter, or would.
struct ReplayedLetter {
    DeadLetterId id = 0;
    bool passed = false;
    std::string rule;  ///< why it did not pass
    std::string field;
    std::string message;
};

struct ReplayReport {
    std::uint64_t letters = 0;
    std::uint64_t passed = 0;
    std::uint64_t refused = 0;            ///< by the mapping, by a rule or by the target
    std::uint64_t outdated = 0;           ///< left alone: the item has the record from a newer read
    std::uint64_t unreadable = 0;         ///< their text is no record of the source: edit it
    std::vector<ReplayedLetter> details;  ///< the first kMaxDetails
    Counters counters;                    ///< of the rows they made
    std::optional<RunId> run;             ///< nothing for a dry run
    bool more = false;                    ///< there are more letters than one replay takes
    static constexpr std::size_t kMaxDetails = 200;
};

/// Takes dead letters in by the mapping and the rules of today: the same mapper and the same writer as a run. Each
/// letter that passes is closed in the transaction that writes its row; one whose record the item's own runs have
/// written or removed since is left alone. A dry run does all of it but the commit, so
/// what it says of the target is so; tables are made ready by it as by a run. Thread-safe, blocking.
class Replayer {
public:
    static constexpr std::size_t kMaxLetters = 10'000;

    explicit Replayer(RunnerParts parts) : parts_(std::move(parts)) {}

    /// kInvalidInput when the mapping does not fit what the letters hold. kConflict: another replay of the item took
    /// over; what was committed stays.
    core::Result<ReplayReport> replay(const SystemData& system, const ItemSpec& item, const ReplayWish& wish);

private:
    struct Work;
    core::Status pages(Work& work);
    static void unreadable(Work& work, const DeadLetter& letter, const std::string& why = {});
    core::Status page(Work& work, const std::vector<DeadLetter>& letters);
    core::Result<std::unique_ptr<Mapper>> mapperFor(Work& work, std::vector<SourceField>& columns);
    core::Status commit(Work& work, Mapped& mapped, const std::vector<const DeadLetter*>& rows,
                        const std::vector<SourceField>& columns, const Batch& raw);

    RunnerParts parts_;
};

}  // namespace yimen::sync
