#include "sync/runner/pipeline.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "sync/raw_row.h"
#include "sync/runner/bounded_queue.h"

namespace yimen::sync {

namespace {

/// A batch as the source gave it. A copy of no byte: the memory goes round between the stages.
struct RawBatch {
    Batch rows;
    Position from;
    Position after;
    std::vector<Reject> rejected;  ///< records that could not be taken apart
    bool end = false;
};

struct MappedBatch {
    Mapped mapped;
    Position from;
    Position after;
    std::uint64_t read = 0;
    bool end = false;
    std::unique_ptr<RawBatch> raw;  ///< what it was made of, until it is written
};

class Pipeline {
public:
    Pipeline(PipelineParts parts, std::size_t slots, Progress& progress, const FailPoint& failPoint)
        : parts_(std::move(parts)),
          progress_(progress),
          failPoint_(failPoint),
          freeRaw_(kMostSlots),
          freeMapped_(kMostSlots),
          raw_(kMostSlots),
          mapped_(kMostSlots) {
        for (std::size_t i = 0; i < slots; ++i) {
            if (i % 2 == 0) {
                freeRaw_.push(std::make_unique<RawBatch>());
            } else {
                freeMapped_.push(std::make_unique<MappedBatch>());
            }
        }
    }

    core::Result<PipelineResult> run() {
        result_.position = parts_.position;
        std::thread reading([this] {
            stage(
                "sync.read", [this] { read(); }, raw_);
        });
        std::thread mapping([this] {
            stage(
                "sync.map", [this] { map(); }, mapped_);
        });
        write();
        closeAll();
        mapping.join();
        reading.join();
        if (failure_) return *failure_;
        failAt("confirm");
        YIMEN_TRY_STATUS(parts_.reader.confirm(result_.position));
        return std::move(result_);
    }

private:
    /// Runs a stage on its thread; whatever ends it lets the next stage see the end of its queue.
    template <typename Work, typename Queue>
    void stage(const char* name, Work work, Queue& feeds) {
        ::pthread_setname_np(::pthread_self(), name);
        try {
            work();
        } catch (const std::exception& thrown) {  // thread entry: a stage must not take the hub down
            fail(core::makeError(core::ErrorCode::kInternal, "同步程序内部错误 / internal error of the pipeline",
                                 thrown.what()));
        }
        feeds.close();
    }

    void read() {
        Position from = parts_.position;
        while (auto free = freeRaw_.pop()) {
            RawBatch& batch = **free;
            if (auto status = confirmWritten(); !status) return fail(status.error());
            batch.rows.reset(parts_.columns.size());
            auto state = parts_.reader.read(batch.rows);
            failAt("read");
            if (!state) return fail(state.error());
            batch.from = std::exchange(from, state->position);
            batch.after = state->position;
            batch.end = state->end;
            batch.rejected = std::move(state->rejected);
            progress_.read += batch.rows.rows() + batch.rejected.size();
            const bool end = batch.end;
            if (!raw_.push(std::move(*free)) || end) return;
        }
    }

    void map() {
        while (auto raw = raw_.pop()) {
            auto free = freeMapped_.pop();
            if (!free) return;
            MappedBatch& out = **free;
            RawBatch& in = **raw;
            out.mapped.reset(parts_.itemColumns);
            if (auto status = parts_.mapper.map(in.rows, out.mapped); !status) {
                freeRaw_.close();  // nobody reads on for a mapping that does not work
                raw_.close();
                return fail(status.error());
            }
            failAt("map");
            out.read = in.rows.rows() + in.rejected.size();
            for (Reject& reject : in.rejected) out.mapped.rejected.push_back(std::move(reject));
            out.from = std::move(in.from);
            out.after = std::move(in.after);
            out.end = in.end;
            out.raw = std::move(*raw);
            if (!mapped_.push(std::move(*free))) return;
        }
    }

    void write() {
        constexpr std::chrono::milliseconds kLook{200};
        for (;;) {
            bool waited = false;
            auto next = mapped_.popWithin(kLook, waited);
            if (waited) {  // a source that does not answer must not hold up who wants to stop
                if (!progress_.cancelled) continue;
                fail(core::makeError(core::ErrorCode::kConflict, "已取消 / cancelled"));
                return parts_.reader.interrupt();
            }
            if (!next) return;
            MappedBatch& batch = **next;
            if (auto status = commit(batch); !status) return fail(status.error());
            const bool end = batch.end;
            freeRaw_.push(std::move(batch.raw));
            freeMapped_.push(std::move(*next));
            if (end) {
                result_.end = true;
                return;
            }
            if (progress_.cancelled) {
                return fail(core::makeError(core::ErrorCode::kConflict, "已取消 / cancelled"));
            }
        }
    }

    core::Status commit(MappedBatch& batch) {
        Commit out;
        out.rows = &batch.mapped.rows;
        out.rejected = std::move(batch.mapped.rejected);
        const std::size_t rejected = out.rejected.size();
        out.read = batch.read;
        out.from = std::move(batch.from);
        out.after = batch.after;
        out.mapVersion = parts_.mapVersion;
        out.end = batch.end;
        out.complete = parts_.complete;
        out.asOf = parts_.asOf;
        out.raw = [&](std::size_t row) {
            return rawRowText(parts_.columns, batch.raw->rows, batch.mapped.sources[row]);
        };
        YIMEN_TRY(const Counters added, parts_.writer.commit(parts_.claim, out));
        if (!added.balanced() || added.read != batch.read) {
            return core::makeError(core::ErrorCode::kInternal, "计数不平衡 / the counters of a batch do not balance");
        }
        result_.counters += added;
        result_.empty = result_.empty && batch.read == 0;
        addRules(batch.mapped.rules);
        progress_.written += batch.read - rejected;
        progress_.rejected += added.rejected;
        ++progress_.batches;
        const std::lock_guard lock(mutex_);
        result_.position = std::move(batch.after);
        toConfirm_ = result_.position;
        return {};
    }

    void addRules(const std::vector<RuleCount>& rules) {
        constexpr std::size_t kSamples = 10;
        for (const RuleCount& rule : rules) {
            RuleCount* known = nullptr;
            for (RuleCount& one : result_.rules) {
                if (one.rule == rule.rule && one.field == rule.field && one.severity == rule.severity) known = &one;
            }
            if (known == nullptr) {
                result_.rules.push_back(rule);
                continue;
            }
            known->count += rule.count;
            for (const std::uint64_t sample : rule.samples) {
                if (known->samples.size() < kSamples) known->samples.push_back(sample);
            }
        }
    }

    /// The reader belongs to the reading thread, so that is where it hears what is durable.
    core::Status confirmWritten() {
        std::optional<Position> position;
        {
            const std::lock_guard lock(mutex_);
            position = std::exchange(toConfirm_, std::nullopt);
        }
        if (!position) return {};
        failAt("confirm");
        return parts_.reader.confirm(*position);
    }

    void failAt(std::string_view point) const {
        if (failPoint_) failPoint_(point);
    }
    /// The first error counts. The stage that failed ends, which closes the queue it feeds; the stages after it still
    /// bring home what was read before.
    void fail(core::Error error) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::move(error);
    }
    void closeAll() {
        freeRaw_.close();
        freeMapped_.close();
        raw_.close();
        mapped_.close();
    }

    PipelineParts parts_;
    Progress& progress_;
    const FailPoint& failPoint_;
    BoundedQueue<std::unique_ptr<RawBatch>> freeRaw_;
    BoundedQueue<std::unique_ptr<MappedBatch>> freeMapped_;
    BoundedQueue<std::unique_ptr<RawBatch>> raw_;
    BoundedQueue<std::unique_ptr<MappedBatch>> mapped_;
    std::mutex mutex_;
    std::optional<core::Error> failure_;  ///< guarded by mutex_
    std::optional<Position> toConfirm_;   ///< guarded by mutex_
    PipelineResult result_;               ///< the writing thread's
};

}  // namespace

core::Result<PipelineResult> runPipeline(PipelineParts parts, MemoryBudget& budget, Progress& progress,
                                         const FailPoint& failPoint) {
    const MemoryBudget::Grant grant = budget.take(kLeastSlots * kSlotBytes, kMostSlots * kSlotBytes, kSlotBytes);
    if (grant.bytes() == 0) return core::makeError(core::ErrorCode::kUnavailable, "正在停机 / shutting down");
    const std::size_t slots = std::max(kLeastSlots, grant.bytes() / kSlotBytes);
    return Pipeline(std::move(parts), slots, progress, failPoint).run();
}

}  // namespace yimen::sync
