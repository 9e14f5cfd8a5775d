#include "sync/runner/item_runner.h"

#include <algorithm>
#include <utility>

#include "sync/quality/run_guard.h"
#include "sync/runner/cancel_watch.h"
#include "sync/runner/range_reader.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Result;
using core::Status;

bool mayPass(ErrorCode code) {
    return code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout || code == ErrorCode::kThrottled;
}

}  // namespace

/// One run on its way.
struct ItemRunner::Work {
    const ItemSpec& item;
    const RunOptions& options;
    Progress& progress;
    Run run;
    std::unique_ptr<Source> source;
    std::unique_ptr<Mapper> mapper;
    std::unique_ptr<ItemWriter> writer;
    std::vector<SourceField> columns;
    bool complete = false;
    Claim lastClaim;
    std::optional<Removal> removal;
    quality::RowsVerdict rows;
};

core::Result<Run> ItemRunner::run(const SystemData& system, const ItemSpec& item, const RunOptions& options,
                                  Progress& progress) {
    Work work{item, options, progress, {}, {}, {}, {}, {}, false, {}, {}, {}};
    Status ended;
    auto source = parts_.sources(system, item);
    ReadMode mode = options.backfill ? ReadMode::kFull : options.mode;
    if (source.ok()) {
        work.source = std::move(source).value();
        if (!work.source->canRead(mode)) mode = ReadMode::kFull;
    } else {
        ended = source.error();
    }
    YIMEN_TRY(work.run, parts_.shared.runs->begin(item.table.code, mode, item.mapVersion,
                                                  options.backfill ? RunKind::kBackfill : RunKind::kSync));
    if (ended.ok()) {
        const CancelWatch watch(progress, *work.source);
        ended = carryOut(work);
    }
    return close(work, ended);
}

core::Status ItemRunner::carryOut(Work& work) {
    YIMEN_TRY(work.columns, work.source->describe());
    YIMEN_TRY(work.mapper, parts_.mappers(work.item, work.columns));
    YIMEN_TRY([[maybe_unused]] const SchemaChange change, parts_.shared.target->prepare(work.item.table));
    return work.options.backfill ? backfill(work) : partitions(work);
}

core::Result<Run> ItemRunner::close(Work& work, const core::Status& ended) {
    // The log knows dead letters of parts that were written before an interruption; this process may not.
    YIMEN_TRY(const auto sofar, parts_.shared.runs->find(work.run.id));
    const bool waits = (sofar && sofar->counters.rejected > 0) || (work.removal && work.removal->refused);
    RunState state = waits ? RunState::kPartial : RunState::kDone;
    if (!ended.ok()) {
        // A backfill is asked for anew: it may be of another range then.
        const bool goesOn = mayPass(ended.error().code) && !work.options.backfill;
        state = goesOn ? RunState::kRetrying : RunState::kFailed;
        if (work.progress.cancelled) state = RunState::kCancelled;
    }
    const std::string& said = ended.ok() ? work.rows.message : ended.error().message;
    YIMEN_TRY_STATUS(parts_.shared.runs->finish(work.run.id, state, said));
    YIMEN_TRY(auto finished, parts_.shared.runs->find(work.run.id));
    if (!finished) return core::makeError(ErrorCode::kCorrupt, "运行记录丢失 / the run is not in its log");
    finished->removal = work.removal;
    return std::move(*finished);
}

core::Status ItemRunner::partitions(Work& work) {
    const std::string& code = work.item.table.code;
    const bool compares = work.run.mode == ReadMode::kFull && work.item.deletes.comparesAll();
    YIMEN_TRY(const auto parts, work.source->partitions(work.run.mode));
    if (parts.empty() || parts.size() > kMaxPartitions) {
        return core::makeError(ErrorCode::kInternal, "分区数无效 / the source gave a wrong number of partitions");
    }
    std::vector<TakenOver> taken;
    for (const Partition& part : parts) {
        YIMEN_TRY(auto one, parts_.shared.target->takeOver(code, part.id, work.run.id));
        taken.push_back(std::move(one));
    }
    work.complete = compares;
    YIMEN_TRY(work.writer, parts_.shared.target->writer(work.item.table, work.complete));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        work.lastClaim = taken[i].claim;
        if (!taken[i].finished) YIMEN_TRY_STATUS(onePartition(work, parts[i], std::move(taken[i])));
    }
    YIMEN_TRY_STATUS(judgeRows(work));
    if (!work.complete) return {};
    RemovalGuard guard = work.item.guard;
    guard.hold = work.rows.stop;
    guard.confirmedBy = work.options.confirmedRemoval;
    YIMEN_TRY(work.removal, work.writer->removeUnseen(work.lastClaim, guard));
    return {};
}

/// The rules `rows` of a complete read. Where keys are compared a verdict holds the removal back; elsewhere the rows
/// are in place already, and the run ends as failed so that a person looks.
core::Status ItemRunner::judgeRows(Work& work) {
    if (work.run.mode != ReadMode::kFull || !work.item.quality) return {};
    YIMEN_TRY(const auto run, parts_.shared.runs->find(work.run.id));
    YIMEN_TRY(const std::uint64_t rows, parts_.shared.rows->count(work.item.table));
    const Counters counters = run ? run->counters : Counters{};
    const std::uint64_t gone = counters.deleted + counters.removed;  // removed: by this run, before it was interrupted
    const std::uint64_t before = rows + gone - std::min(rows + gone, counters.inserted);
    YIMEN_TRY(work.rows,
              quality::judgeRowCount(work.item, before, counters.read - counters.deduped - counters.deleted));
    if (!work.rows.stop || work.complete) return {};
    if (work.options.confirmedRemoval) {
        YIMEN_TRY(const auto agreed, parts_.shared.runs->find(*work.options.confirmedRemoval));
        if (agreed && agreed->item == work.item.table.code) return {};
    }
    return core::makeError(ErrorCode::kInvalidInput, work.rows.message);
}

core::Status ItemRunner::onePartition(Work& work, const Partition& partition, TakenOver taken) {
    // The last run's position is where an incremental read goes on, but a complete one begins anew.
    if (work.run.mode == ReadMode::kFull && taken.batch == 0) taken.position.clear();
    YIMEN_TRY(const auto reader, work.source->open(partition, work.run.mode, taken.position));
    return pipe(work, *reader, taken);
}

core::Status ItemRunner::backfill(Work& work) {
    const Range& range = *work.options.backfill;
    const auto column = std::find_if(work.columns.begin(), work.columns.end(),
                                     [&](const SourceField& one) { return one.name == range.column; });
    if (column == work.columns.end()) {
        return core::makeError(ErrorCode::kInvalidInput,
                               "源没有这一列 / the source has no column '" + range.column + "' to take a range of");
    }
    const auto number = static_cast<std::size_t>(column - work.columns.begin());
    YIMEN_TRY(const auto part, work.source->range(range));
    std::vector<Partition> parts;
    if (part) {
        parts.push_back(*part);
    } else {
        YIMEN_TRY(parts, work.source->partitions(ReadMode::kFull));
    }
    const std::string partition(partitionOf(RunKind::kBackfill));
    YIMEN_TRY(TakenOver taken, parts_.shared.target->takeOver(work.item.table.code, partition, work.run.id));
    taken.position.clear();  // a range is short: it begins anew rather than in another range that was interrupted
    YIMEN_TRY(work.writer, parts_.shared.target->writer(work.item.table, false));
    for (const Partition& one : parts) {
        YIMEN_TRY(auto reader, work.source->open(one, ReadMode::kFull, {}));
        const auto ranged = makeRangeReader(std::move(reader), part ? std::nullopt : std::optional(number), range);
        YIMEN_TRY_STATUS(pipe(work, *ranged, taken));
    }
    return {};
}

core::Status ItemRunner::pipe(Work& work, Reader& reader, const TakenOver& taken) {
    PipelineParts parts{reader,
                        *work.mapper,
                        *work.writer,
                        taken.claim,
                        taken.position,
                        work.columns,
                        work.item.table.schema.fields.size(),
                        work.item.mapVersion,
                        work.complete,
                        work.options.backfill ? std::optional(taken.now) : std::nullopt};
    YIMEN_TRY([[maybe_unused]] const auto result,
              runPipeline(std::move(parts), parts_.budget, work.progress, parts_.failPoint));
    return {};
}

}  // namespace yimen::sync
