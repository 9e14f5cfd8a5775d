#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/result.h"
#include "sync/item_spec.h"
#include "sync/run.h"
#include "sync/runner/pipeline.h"

namespace yimen::sync {

/// Connects an item to where its rows come from. Named by hub/main, which knows the kinds. Any thread.
using SourceFactory = std::function<core::Result<std::unique_ptr<Source>>(const SystemData&, const ItemSpec&)>;

/// Compiles an item's mapping for the columns its source has now: compileMapper() with what it needs bound.
using MapperFactory =
    std::function<core::Result<std::unique_ptr<Mapper>>(const ItemSpec&, const std::vector<SourceField>&)>;

/// What runs are made of. Everything outlives the runner.
struct RunnerParts {
    SharedDatabase& shared;
    MemoryBudget& budget;
    SourceFactory sources;
    MapperFactory mappers;
    FailPoint failPoint;
};

struct RunOptions {
    ReadMode mode = ReadMode::kIncremental;  ///< complete, when the source cannot read changes
    /// A person looked at what the guards of this run held back, and agreed.
    std::optional<RunId> confirmedRemoval;
    /// Read this range again, beside the item's own runs: their checkpoint does not move, nothing is removed, and what
    /// they write meanwhile stays.
    std::optional<Range> backfill{};
};

/// Runs one item to its end: source, mapping, table, partitions, removal of what is gone. A run that was interrupted is
/// gone on with from its checkpoints. Thread-safe: each call is a run of its own; two calls for one item compete for
/// its fence and one ends with kConflict.
class ItemRunner {
public:
    explicit ItemRunner(RunnerParts parts) : parts_(std::move(parts)) {}

    /// The finished run, whatever its state; an error only when not even the run could be begun or ended. Blocking.
    core::Result<Run> run(const SystemData& system, const ItemSpec& item, const RunOptions& options,
                          Progress& progress);

private:
    struct Work;
    core::Status carryOut(Work& work);
    core::Result<Run> close(Work& work, const core::Status& ended);
    core::Status partitions(Work& work);
    core::Status backfill(Work& work);
    core::Status judgeRows(Work& work);
    core::Status onePartition(Work& work, const Partition& partition, TakenOver taken);
    core::Status pipe(Work& work, Reader& reader, const TakenOver& taken);

    RunnerParts parts_;
};

}  // namespace yimen::sync
