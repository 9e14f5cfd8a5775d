#include "sync/runner/pipeline.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "unit/sync/runner/fakes.h"

namespace yimen::sync {
namespace {

using core::ErrorCode;

struct Fixture {
    std::vector<SourceField> columns{{"n", ""}};
    MemoryBudget budget{kMostSlots * kSlotBytes};
    Progress progress;
    PassingMapper mapper;
    RememberingWriter writer;

    core::Result<PipelineResult> run(Reader& reader, const Position& from = {}, const FailPoint& failPoint = {}) {
        PipelineParts parts{reader, mapper, writer, Claim{"item", "", 1, 1}, from, columns, 1, "v1", false};
        return runPipeline(std::move(parts), budget, progress, failPoint);
    }
};

TEST(Pipeline, WritesEachRowOnceInOrder) {
    Fixture fixture;
    CountingReader reader(1000, 7);
    const auto result = fixture.run(reader);
    ASSERT_TRUE(result.ok()) << result.error().describe();
    ASSERT_EQ(fixture.writer.keys.size(), 1000U);
    for (std::size_t i = 0; i < 1000; ++i) ASSERT_EQ(fixture.writer.keys[i], std::to_string(i + 1));
    EXPECT_TRUE(result->end);
    EXPECT_TRUE(fixture.writer.ends);
    EXPECT_EQ(result->position, "1000");
    EXPECT_EQ(result->counters.read, 1000U);
    EXPECT_TRUE(result->counters.balanced());
    EXPECT_EQ(fixture.progress.written, 1000U);
    EXPECT_EQ(fixture.budget.inUse(), 0U);
}

TEST(Pipeline, GivesTheWriterTheSourceTextOfEachRow) {
    Fixture fixture;
    fixture.mapper.bad = {"2", "11"};
    CountingReader reader(25, 10);
    ASSERT_TRUE(fixture.run(reader).ok());
    ASSERT_EQ(fixture.writer.raws.size(), 23U);
    EXPECT_EQ(fixture.writer.raws[0], R"({"n":"1"})");
    EXPECT_EQ(fixture.writer.raws[1], R"({"n":"3"})") << "rows that were refused move nothing";
    EXPECT_EQ(fixture.writer.raws[22], R"({"n":"25"})");
}

TEST(Pipeline, JoinsEachBatchToTheOneBefore) {
    Fixture fixture;
    CountingReader reader(30, 10);
    ASSERT_TRUE(fixture.run(reader).ok());
    EXPECT_EQ(fixture.writer.from, (std::vector<Position>{"", "10", "20"}));
    EXPECT_EQ(fixture.writer.positions, (std::vector<Position>{"10", "20", "30"}));
}

TEST(Pipeline, ConfirmsToTheSourceOnlyWhatIsCommitted) {
    Fixture fixture;
    CountingReader reader(100, 1);
    std::set<Position> committed;
    ASSERT_TRUE(fixture.run(reader).ok());
    committed.insert(fixture.writer.positions.begin(), fixture.writer.positions.end());
    ASSERT_FALSE(reader.confirmed.empty());
    for (const Position& position : reader.confirmed) EXPECT_TRUE(committed.contains(position)) << position;
    EXPECT_EQ(reader.confirmed.back(), "100");
}

TEST(Pipeline, CountsRejectedRowsAndKeepsTheGoodOnes) {
    Fixture fixture;
    fixture.mapper.bad = {"3", "15"};
    CountingReader reader(20, 10);
    const auto result = fixture.run(reader);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->counters.rejected, 2U);
    EXPECT_EQ(result->counters.inserted, 18U);
    EXPECT_EQ(fixture.progress.rejected, 2U);
    ASSERT_EQ(result->rules.size(), 1U);
    EXPECT_EQ(result->rules[0].count, 2U);
}

TEST(Pipeline, CountsRecordsThatCouldNotBeTakenApart) {
    Fixture fixture;
    fixture.mapper.bad = {"3"};
    CountingReader reader(20, 10);
    reader.broken = {{21, "format", "", "half a record", {}}};
    const auto result = fixture.run(reader);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->counters.read, 21U);
    EXPECT_EQ(result->counters.rejected, 2U);
    EXPECT_EQ(fixture.progress.read, 21U);
}

TEST(Pipeline, EndsWithTheErrorOfTheSourceAndKeepsWhatIsCommitted) {
    Fixture fixture;
    CountingReader reader(100, 10);
    reader.failAtRead = 5;
    const auto result = fixture.run(reader);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(fixture.writer.keys.size(), 40U) << "what was read before is brought home";
    EXPECT_FALSE(fixture.writer.ends);
    EXPECT_EQ(fixture.budget.inUse(), 0U);
}

TEST(Pipeline, EndsWhenTheMapperFails) {
    Fixture fixture;
    fixture.mapper.failure = core::makeError(ErrorCode::kInvalidInput, "script");
    CountingReader reader(1'000'000, 10);
    const auto result = fixture.run(reader);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().message, "script");
    EXPECT_TRUE(fixture.writer.keys.empty());
}

TEST(Pipeline, StopsWhenSomebodyElseHoldsThePartition) {
    Fixture fixture;
    fixture.writer.fence = 2;
    CountingReader reader(1'000'000, 10);
    const auto result = fixture.run(reader);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kConflict);
    EXPECT_LT(reader.reads, 100U) << "the source is not read on for nobody";
}

TEST(Pipeline, StopsAfterTheCommitUnderWayWhenCancelled) {
    Fixture fixture;
    CountingReader reader(1'000'000, 1);
    fixture.writer.onCommit = [&] { fixture.progress.cancelled = true; };
    ASSERT_FALSE(fixture.run(reader).ok());
    EXPECT_EQ(fixture.writer.positions.size(), 1U);
}

TEST(Pipeline, HoldsUpTheSourceWhenTheTargetIsSlow) {
    Fixture fixture;
    CountingReader reader(200, 1);
    std::uint64_t ahead = 0;
    fixture.writer.onCommit = [&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ahead = std::max(ahead, fixture.progress.read - fixture.writer.keys.size());
    };
    ASSERT_TRUE(fixture.run(reader).ok());
    EXPECT_LE(ahead, kMostSlots) << "rows read ahead of the writer, one a batch";
}

TEST(Pipeline, ReportsAnExceptionOfAStageAsAnError) {
    Fixture fixture;
    CountingReader reader(100, 1);
    const auto result = fixture.run(reader, {}, [](std::string_view point) {
        if (point == "map") throw std::runtime_error("library");
    });
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kInternal);
    EXPECT_EQ(result.error().message.find("library"), std::string::npos) << "inner words are for the log";
}

TEST(Pipeline, GoesOnFromAPosition) {
    Fixture fixture;
    CountingReader reader(20, 5, "10");
    ASSERT_TRUE(fixture.run(reader, "10").ok());
    EXPECT_EQ(fixture.writer.keys.front(), "11");
    EXPECT_EQ(fixture.writer.from.front(), "10");
}

TEST(Pipeline, EndsAnEmptySourceWithACommitOfItsPosition) {
    Fixture fixture;
    CountingReader reader(0, 5);
    const auto result = fixture.run(reader);
    ASSERT_TRUE(result.ok());
    EXPECT_TRUE(result->empty);
    EXPECT_TRUE(fixture.writer.ends);
}

/// A source that does not answer until somebody loses patience.
class SilentReader final : public Reader {
public:
    core::Result<ReadState> read(Batch&) override {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return interrupted_; });
        return core::makeError(ErrorCode::kUnavailable, interrupted_ ? "interrupted" : "nobody came");
    }
    void interrupt() noexcept override {
        const std::lock_guard lock(mutex_);
        interrupted_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool interrupted_ = false;
};

TEST(Pipeline, StopsWaitingForASilentSourceWhenItIsCancelled) {
    Fixture fixture;
    SilentReader reader;
    std::thread person([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        fixture.progress.cancelled = true;
    });
    const auto begun = std::chrono::steady_clock::now();
    const auto done = fixture.run(reader);
    person.join();
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kConflict) << done.error().message;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

}  // namespace
}  // namespace yimen::sync
