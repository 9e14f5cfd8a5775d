#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sync/counters.h"
#include "sync/mapping/mapper.h"
#include "sync/runner/memory_budget.h"
#include "sync/source.h"
#include "sync/target.h"

namespace yimen::sync {

/// What a person sees of a pipeline that runs. Thread-safe.
struct Progress {
    std::atomic<std::uint64_t> read{0};
    std::atomic<std::uint64_t> written{0};  ///< rows committed, unchanged ones too
    std::atomic<std::uint64_t> rejected{0};
    std::atomic<std::uint64_t> batches{0};
    std::atomic<bool> cancelled{false};  ///< set it: the pipeline ends after the commit under way, or while it waits
};

/// Everything one partition needs. All of it outlives the pipeline; reader, mapper and writer are used by one thread
/// each while it runs.
struct PipelineParts {
    Reader& reader;
    Mapper& mapper;
    ItemWriter& writer;
    Claim claim;
    Position position;                        ///< where the reader was opened
    const std::vector<SourceField>& columns;  ///< of the source
    std::size_t itemColumns = 0;
    std::string mapVersion;
    bool complete = false;         ///< Commit::complete
    std::optional<Moment> asOf{};  ///< Commit::asOf
};

/// Memory one batch slot stands for in the budget: a full batch, its cells and one row over the brim.
inline constexpr std::size_t kSlotBytes = Batch::kMaxBytes + (std::size_t{2} << 20U);
/// Slots of one pipeline: at least one raw and one mapped batch, at most three of each.
inline constexpr std::size_t kLeastSlots = 2;
inline constexpr std::size_t kMostSlots = 6;

struct PipelineResult {
    Counters counters;  ///< committed by this pipeline, each balanced
    Position position;  ///< committed last
    bool end = false;   ///< the reader came to its end
    bool empty = true;  ///< not one row came
    std::vector<RuleCount> rules;
};

/// Reads, maps and writes one partition to its end in three stages: two threads of its own for reading and mapping, the
/// caller's for writing. Stops at the first error of any stage; what is committed stays, and its position with it.
/// kUnavailable, kTimeout: try again later from the checkpoint. kConflict: somebody else holds the partition.
core::Result<PipelineResult> runPipeline(PipelineParts parts, MemoryBudget& budget, Progress& progress,
                                         const FailPoint& failPoint = {});

}  // namespace yimen::sync
