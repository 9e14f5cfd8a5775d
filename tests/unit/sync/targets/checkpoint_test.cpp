#include "sync/targets/checkpoint.h"

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class CheckpointTest : public TargetTest<Backend> {};
TYPED_TEST_SUITE(CheckpointTest, Backends);

TYPED_TEST(CheckpointTest, RefusesTheFormerHolderAndWritesNothingOfIt) {
    this->prepare(this->people());
    this->begin();
    this->commit({{{"a", "1", nullptr}}}, "p1");
    const TakenOver mine = this->taken;
    const TakenOver other = valueOf(this->shared.target->takeOver(this->item.code, "", this->run.id));
    EXPECT_GT(other.claim.fence, mine.claim.fence);
    EXPECT_EQ(other.position, "p1");
    EXPECT_EQ(other.batch, 1);
    EXPECT_EQ(other.counters.inserted, 1U);
    Reject reject;
    reject.rule = "required";
    const auto refused = this->tryCommit({{{"b", "2", nullptr}}}, "p2", {reject});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kConflict);
    EXPECT_EQ(this->stored(), "a|1|~\n");
    EXPECT_TRUE(valueOf(this->shared.deadLetters->groups()).empty());
    this->taken = other;
    EXPECT_EQ(this->commit({{{"b", "2", nullptr}}}, "p2"), (Counters{1, 1, 0, 0, 0, 0, 0, 0}));
}

TYPED_TEST(CheckpointTest, GoesOnInTheSameRunAndBeginsCountingAnewInTheNext) {
    this->prepare(this->people());
    this->begin(ReadMode::kIncremental);
    this->commit({{{"a", "1", nullptr}}}, "p1");
    this->reopen();
    this->begin(ReadMode::kIncremental);
    EXPECT_EQ(this->taken.position, "p1");
    EXPECT_EQ(this->taken.batch, 1);
    this->commit({{{"b", "1", nullptr}}}, "p2");
    this->finish();
    const RunId last = this->run.id;
    this->begin(ReadMode::kIncremental);
    EXPECT_NE(this->run.id, last);
    EXPECT_EQ(this->taken.position, "p2");
    EXPECT_EQ(this->taken.batch, 0);
    EXPECT_EQ(this->taken.counters, Counters{});
    EXPECT_EQ(valueOf(this->shared.runs->find(last))->counters.inserted, 2U);
}

TYPED_TEST(CheckpointTest, HoldsEachPartitionByItself) {
    this->prepare(this->people());
    this->begin(ReadMode::kFull, "one");
    const TakenOver one = this->taken;
    this->begin(ReadMode::kFull, "two");
    this->commit({{{"a", "1", nullptr}}}, "p2");
    this->taken = one;
    this->commit({{{"b", "1", nullptr}}}, "p1");
    EXPECT_EQ(valueOf(this->shared.target->takeOver(this->item.code, "two", this->run.id)).position, "p2");
    EXPECT_EQ(valueOf(this->shared.runs->find(this->run.id))->counters.read, 2U);
}

TYPED_TEST(CheckpointTest, KeepsWhereTheRowsOfACommitCameFrom) {
    this->prepare(this->people());
    this->begin();
    this->commit({{{"a", "1", nullptr}}}, "p1");
    this->commit({{{"a", "1", nullptr}}}, "p2");
    const auto batches = valueOf(this->shared.runs->batches(this->run.id, 10));
    ASSERT_EQ(batches.size(), 2U);
    EXPECT_EQ(batches[0].number, 2);
    EXPECT_EQ(batches[0].after, "p2");
    EXPECT_EQ(batches[0].counters.unchanged, 1U);
    EXPECT_EQ(batches[1].counters.inserted, 1U);
    EXPECT_EQ(batches[1].committedAt, this->now());
}

TYPED_TEST(CheckpointTest, ClosesTheLettersABatchWasMadeOf) {
    this->prepare(this->people());
    this->begin();
    std::vector<Reject> refused(2);
    refused[1].origin = 1;
    this->commit({}, "p1", refused);
    const auto letters = valueOf(this->shared.deadLetters->open({this->item.code}, 0, 10));
    ASSERT_EQ(letters.size(), 2U);
    const Batch batch = batchOf({{{"a", "1", nullptr}}}, 3);
    Commit commit;
    commit.rows = &batch;
    commit.read = 1;
    commit.replayed = {{letters[0].id, 0}};
    valueOf(this->writer->commit(this->taken.claim, commit));
    const auto left = valueOf(this->shared.deadLetters->open({this->item.code}, 0, 10));
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].id, letters[1].id);
}

}  // namespace
}  // namespace yimen::sync
