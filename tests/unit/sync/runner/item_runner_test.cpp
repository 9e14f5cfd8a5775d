#include "sync/runner/item_runner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "unit/sync/runner/fakes.h"

namespace yimen::sync {
namespace {

using core::ErrorCode;

/// A shared database in memory with just enough of the contract: fences, checkpoints per run, a log of runs.
class MemoryTarget final : public Target {
public:
    struct Checkpoint {
        Fence fence = 0;
        Position position;
        RunId run = 0;
        std::int64_t batch = 0;
        bool finished = false;
    };
    core::Result<SchemaChange> prepare(const ItemTable&) override { return SchemaChange{}; }
    core::Result<TakenOver> takeOver(const std::string& item, const std::string& partition, RunId run) override {
        Checkpoint& at = checkpoints[partition];
        ++at.fence;
        if (at.run != run) {
            at.run = run;
            at.batch = 0;
            at.finished = false;
        }
        return TakenOver{{item, partition, at.fence, run}, at.position, {}, at.finished, at.batch, {}};
    }
    core::Result<std::unique_ptr<ItemWriter>> writer(const ItemTable&, bool complete) override {
        class Writer final : public ItemWriter {
        public:
            explicit Writer(MemoryTarget& target) : target_(target) {}
            core::Result<Counters> commit(const Claim& claim, const Commit& batch) override {
                Checkpoint& at = target_.checkpoints[claim.partition];
                if (at.fence != claim.fence) return core::makeError(ErrorCode::kConflict, "fence");
                target_.rejected += batch.rejected.size();
                at.position = batch.after;
                at.finished = batch.end;
                ++at.batch;
                for (std::size_t i = 0; i < batch.rows->rows(); ++i) {
                    (batch.rows->op(i) == Op::kDelete ? target_.deleted : target_.keys)
                        .emplace_back(batch.rows->text(i, 0));
                }
                Counters added;
                added.read = batch.read;
                added.rejected = batch.rejected.size();
                added.inserted = batch.read - added.rejected;
                return added;
            }
            core::Result<Removal> removeUnseen(const Claim&, const RemovalGuard& given) override {
                ++target_.removals;
                target_.guard = given;
                return target_.removal;
            }

        private:
            MemoryTarget& target_;
        };
        completeWriters += complete ? 1 : 0;
        return std::unique_ptr<ItemWriter>(new Writer(*this));
    }

    std::map<std::string, Checkpoint> checkpoints;
    std::vector<std::string> keys;
    std::vector<std::string> deleted;
    Removal removal;
    RemovalGuard guard;
    std::uint64_t rejected = 0;
    int removals = 0;
    int completeWriters = 0;
};

class MemoryRuns final : public RunLog {
public:
    core::Result<Run> begin(const std::string& item, ReadMode mode, const std::string& mapVersion,
                            RunKind kind) override {
        for (const Run& run : runs) {
            if (run.state == RunState::kRunning || run.state == RunState::kRetrying) return run;
        }
        Run run;
        run.id = static_cast<RunId>(runs.size()) + 1;
        run.item = item;
        run.kind = kind;
        run.mode = mode;
        run.mapVersion = mapVersion;
        runs.push_back(run);
        return run;
    }
    core::Status finish(RunId id, RunState state, const std::string& error) override {
        runs[static_cast<std::size_t>(id) - 1].state = state;
        runs[static_cast<std::size_t>(id) - 1].error = error;
        return {};
    }
    core::Result<std::optional<Run>> find(RunId id) override {
        Run run = runs[static_cast<std::size_t>(id) - 1];
        run.counters.rejected = target->rejected;
        return std::optional<Run>(run);
    }
    core::Result<std::vector<Run>> list(const std::string&, std::size_t) override { return runs; }
    core::Result<std::vector<CommittedBatch>> batches(RunId, std::size_t) override {
        return std::vector<CommittedBatch>{};
    }
    std::vector<Run> runs;
    const MemoryTarget* target = nullptr;
};

class CountingSource final : public Source {
public:
    explicit CountingSource(std::uint64_t count, std::optional<std::uint64_t> failAtRead = {})
        : count_(count), failAtRead_(failAtRead) {}
    core::Result<std::vector<SourceField>> describe() override {
        return std::vector<SourceField>{{"n", ""}, {"gone", ""}};
    }
    bool canRead(ReadMode mode) const noexcept override { return mode == ReadMode::kFull || count_ != 7; }
    core::Result<std::vector<Partition>> partitions(ReadMode) override { return std::vector<Partition>{{"", ""}}; }
    core::Result<std::unique_ptr<Reader>> open(const Partition&, ReadMode, Position from) override {
        auto reader = std::make_unique<CountingReader>(count_, 10, from);
        reader->failAtRead = failAtRead_;
        return std::unique_ptr<Reader>(std::move(reader));
    }

private:
    std::uint64_t count_;
    std::optional<std::uint64_t> failAtRead_;
};

struct Fixture {
    MemoryTarget* target = nullptr;
    MemoryRuns* runs = nullptr;
    SharedDatabase shared;
    MemoryBudget budget{std::size_t{1} << 30U};
    std::vector<std::string> bad;
    std::uint64_t count = 100;
    std::optional<std::uint64_t> failAtRead;
    std::string yaml = "api: 1\n";
    core::Result<config::YamlDocument> document = config::YamlDocument::parse(yaml, "data.yaml");
    SystemData system{"qu-grid", "test", document->root(), {}};
    ItemSpec item{{}, {}, {}, {}, {}, Contract::kEvolve, {}, {}, "v1", document->root(), document->root(), {}, {}};
    Progress progress;

    Fixture() {
        auto ownTarget = std::make_unique<MemoryTarget>();
        auto ownRuns = std::make_unique<MemoryRuns>();
        target = ownTarget.get();
        runs = ownRuns.get();
        runs->target = target;
        shared.target = std::move(ownTarget);
        shared.runs = std::move(ownRuns);
        item.table.code = "ZS-SQ-013";
        item.table.schema.fields.resize(2);
    }
    Run run(ReadMode mode) {
        ItemRunner runner(
            {shared,
             budget,
             [this](const SystemData&, const ItemSpec&) -> core::Result<std::unique_ptr<Source>> {
                 return std::unique_ptr<Source>(std::make_unique<CountingSource>(count, failAtRead));
             },
             [this](const ItemSpec&, const std::vector<SourceField>&) -> core::Result<std::unique_ptr<Mapper>> {
                 auto mapper = std::make_unique<PassingMapper>();
                 mapper->bad = bad;
                 return std::unique_ptr<Mapper>(std::move(mapper));
             },
             {}});
        auto done = runner.run(system, item, {mode, {}}, progress);
        EXPECT_TRUE(done.ok()) << done.error().describe();
        return done.ok() ? *done : Run{};
    }
};

TEST(ItemRunner, ReadsAnItemToItsEnd) {
    Fixture fixture;
    EXPECT_EQ(fixture.run(ReadMode::kFull).state, RunState::kDone);
    EXPECT_EQ(fixture.target->keys.size(), 100U);
    EXPECT_EQ(fixture.target->removals, 0) << "nothing says that absent records are gone";
}

TEST(ItemRunner, GoesOnFromTheCheckpointOfARunThatStopped) {
    Fixture fixture;
    fixture.failAtRead = 4;
    EXPECT_EQ(fixture.run(ReadMode::kFull).state, RunState::kRetrying);
    const std::size_t before = fixture.target->keys.size();
    EXPECT_LT(before, 100U);
    fixture.failAtRead.reset();
    const sync::Run second = fixture.run(ReadMode::kFull);
    EXPECT_EQ(second.id, 1) << "the same run goes on";
    EXPECT_EQ(second.state, RunState::kDone);
    EXPECT_EQ(fixture.target->keys.size(), 100U) << "no row twice";
}

TEST(ItemRunner, BeginsACompleteReadAnewButAnIncrementalOneWhereItEnded) {
    Fixture fixture;
    fixture.run(ReadMode::kFull);
    fixture.run(ReadMode::kFull);
    EXPECT_EQ(fixture.target->keys.size(), 200U);
    fixture.count = 105;
    fixture.run(ReadMode::kIncremental);
    EXPECT_EQ(fixture.target->keys.size(), 205U);
    EXPECT_EQ(fixture.target->keys.back(), "105");
}

TEST(ItemRunner, ComparesKeysAtTheEndOfACompleteReadOverInterruptions) {
    Fixture fixture;
    fixture.item.deletes.how = DeleteRule::How::kAbsent;
    fixture.failAtRead = 4;
    fixture.run(ReadMode::kFull);
    EXPECT_EQ(fixture.target->removals, 0) << "not every record was seen yet";
    fixture.failAtRead.reset();
    EXPECT_EQ(fixture.run(ReadMode::kFull).id, 1);
    EXPECT_EQ(fixture.target->removals, 1);
    fixture.run(ReadMode::kIncremental);
    EXPECT_EQ(fixture.target->removals, 1) << "an incremental read sees only a part";
}

TEST(ItemRunner, IsPartialWhileARemovalWaitsForAPerson) {
    Fixture fixture;
    fixture.item.deletes.how = DeleteRule::How::kAbsent;
    fixture.target->removal.refused = true;
    EXPECT_EQ(fixture.run(ReadMode::kFull).state, RunState::kPartial);
}

TEST(ItemRunner, IsPartialWithDeadLetters) {
    Fixture fixture;
    fixture.bad = {"42"};
    EXPECT_EQ(fixture.run(ReadMode::kFull).state, RunState::kPartial);
}

TEST(ItemRunner, ReadsCompletelyWhenTheSourceCannotTellWhatChanged) {
    Fixture fixture;
    fixture.count = 7;
    EXPECT_EQ(fixture.run(ReadMode::kIncremental).mode, ReadMode::kFull);
}

}  // namespace
}  // namespace yimen::sync
