#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

using namespace std::chrono_literals;

template <typename Backend>
class JobRowsTest : public TargetTest<Backend> {
protected:
    JobQueue& queue() { return *this->shared.jobs; }
    JobBoard& board() { return *this->shared.board; }
    Job job(const std::string& name) {
        for (const Job& one : valueOf(board().list())) {
            if (one.item == name) return one;
        }
        ADD_FAILURE() << "no job " << name;
        return {};
    }
};
TYPED_TEST_SUITE(JobRowsTest, Backends);

TYPED_TEST(JobRowsTest, GivesTheMostOverdueJobToOneNodeOnly) {
    const std::int64_t now = this->now();
    ASSERT_TRUE(this->board().declare({{"A", now - 10}, {"B", now - 20}, {"C", now + 60'000}, {"D", 0}}).ok());
    const auto first = valueOf(this->queue().claim("node1", 30s));
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->item, "B");
    const auto second = valueOf(this->queue().claim("node2", 30s));
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(second->item, "A");
    EXPECT_FALSE(valueOf(this->queue().claim("node2", 30s)).has_value()) << "C is not due, D runs by hand only";
    EXPECT_EQ(this->job("B").owner, "node1");
}

TYPED_TEST(JobRowsTest, TakesAJobOverWhenItsLeaseEndsAndNotBefore) {
    ASSERT_TRUE(this->board().declare({{"A", this->now()}}).ok());
    const auto dead = valueOf(this->queue().claim("node1", 30s));
    ASSERT_TRUE(dead.has_value());
    this->clock.advance(29s);
    EXPECT_FALSE(valueOf(this->queue().claim("node2", 30s)).has_value());
    EXPECT_TRUE(valueOf(this->queue().extend(*dead, 30s)));
    this->clock.advance(29s);
    EXPECT_FALSE(valueOf(this->queue().claim("node2", 30s)).has_value()) << "the lease was extended";
    this->clock.advance(2s);
    const auto later = valueOf(this->queue().claim("node2", 30s));
    ASSERT_TRUE(later.has_value());
    EXPECT_GT(later->fence, dead->fence);
    EXPECT_FALSE(valueOf(this->queue().extend(*dead, 30s))) << "who slept past its lease hears so";
    ASSERT_TRUE(this->queue().complete(*dead, 1, false).ok());
    EXPECT_EQ(this->job("A").owner, "node2") << "and changes nothing any more";
}

TYPED_TEST(JobRowsTest, CountsFailuresInARow) {
    ASSERT_TRUE(this->board().declare({{"A", this->now()}}).ok());
    for (std::int64_t failures = 0; failures < 3; ++failures) {
        const auto lease = valueOf(this->queue().claim("node", 30s));
        ASSERT_TRUE(lease.has_value());
        EXPECT_EQ(lease->failures, failures);
        ASSERT_TRUE(this->queue().complete(*lease, this->now(), true).ok());
    }
    const auto lease = valueOf(this->queue().claim("node", 30s));
    ASSERT_TRUE(this->queue().complete(*lease, this->now() + 5, false).ok());
    EXPECT_EQ(this->job("A").failures, 0);
    EXPECT_EQ(this->job("A").nextRun, this->now() + 5);
}

TYPED_TEST(JobRowsTest, RunsAtOnceWhatAPersonAsksForAlsoBesideARunUnderWay) {
    ASSERT_TRUE(this->board().declare({{"A", 0}}).ok());
    EXPECT_EQ(this->board().runNow("none", false).error().code, core::ErrorCode::kNotFound);
    ASSERT_TRUE(this->board().runNow("A", false).ok());
    const auto first = valueOf(this->queue().claim("node", 30s));
    ASSERT_TRUE(first.has_value());
    EXPECT_FALSE(first->full);
    ASSERT_TRUE(this->board().runNow("A", true).ok());
    ASSERT_TRUE(this->queue().complete(*first, 0, false).ok());
    const auto second = valueOf(this->queue().claim("node", 30s));
    ASSERT_TRUE(second.has_value()) << "asked for while it ran";
    EXPECT_TRUE(second->full);
    ASSERT_TRUE(this->queue().complete(*second, 0, false).ok());
    EXPECT_FALSE(valueOf(this->queue().claim("node", 30s)).has_value());
    EXPECT_FALSE(this->job("A").full);
}

TYPED_TEST(JobRowsTest, KeepsWhatAPersonConfirmedUntilARunDidIt) {
    this->prepare(this->people());
    this->begin();
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}});
    this->finish();
    this->begin();
    EXPECT_TRUE(valueOf(this->writer->removeUnseen(this->taken.claim, {})).refused);
    const std::string code = this->item.code;
    const RunId held = this->run.id;
    ASSERT_TRUE(this->board().declare({{code, 0}}).ok());
    EXPECT_EQ(this->board().confirmRemoval(code, held).error().code, core::ErrorCode::kConflict) << "it runs still";
    this->finish(RunState::kPartial);
    EXPECT_EQ(this->board().confirmRemoval(code, held - 1).error().code, core::ErrorCode::kConflict);
    EXPECT_EQ(this->board().confirmRemoval("OTHER", held).error().code, core::ErrorCode::kConflict);
    ASSERT_TRUE(this->board().confirmRemoval(code, held).ok());
    EXPECT_EQ(this->job(code).confirmedRun, held);

    ASSERT_TRUE(this->board().runNow(code, false).ok()) << "somebody else wants the changes meanwhile";
    auto lease = valueOf(this->queue().claim("node", 30s));
    ASSERT_TRUE(lease.has_value());
    EXPECT_TRUE(lease->full);
    EXPECT_EQ(lease->confirmedRun, held);
    ASSERT_TRUE(this->queue().complete(*lease, this->now(), true).ok());
    lease = valueOf(this->queue().claim("node", 30s));
    ASSERT_TRUE(lease.has_value());
    EXPECT_TRUE(lease->full) << "the try before failed";
    EXPECT_EQ(lease->confirmedRun, held);
    ASSERT_TRUE(this->queue().complete(*lease, this->now(), false).ok());
    lease = valueOf(this->queue().claim("node", 30s));
    ASSERT_TRUE(lease.has_value());
    EXPECT_FALSE(lease->full);
    EXPECT_FALSE(lease->confirmedRun);
}

TYPED_TEST(JobRowsTest, ConfirmsNothingThatANewerCompleteReadKnowsBetter) {
    this->prepare(this->people());
    this->begin();
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}});
    this->finish();
    const std::string code = this->item.code;
    ASSERT_TRUE(this->board().declare({{code, 0}}).ok());
    std::vector<RunId> held;
    for (int i = 0; i < 2; ++i) {
        this->begin();
        EXPECT_TRUE(valueOf(this->writer->removeUnseen(this->taken.claim, {})).refused);
        this->finish(RunState::kPartial);
        held.push_back(this->run.id);
    }
    EXPECT_EQ(this->board().confirmRemoval(code, held[0]).error().code, core::ErrorCode::kConflict);
    EXPECT_TRUE(this->board().confirmRemoval(code, held[1]).ok());
    this->begin();
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}});
    EXPECT_FALSE(valueOf(this->writer->removeUnseen(this->taken.claim, {})).refused);
    this->finish();
    EXPECT_EQ(this->board().confirmRemoval(code, held[1]).error().code, core::ErrorCode::kConflict)
        << "the source has them again";
}

TYPED_TEST(JobRowsTest, ReadsARangeOnceBesideTheItemsOwnRuns) {
    const Range range{"updated", "2026-01-01 \"x\"", ""};
    EXPECT_EQ(this->board().backfill("A", range).error().code, core::ErrorCode::kNotFound);
    ASSERT_TRUE(this->board().declare({{"A", this->now()}}).ok());
    ASSERT_TRUE(this->board().backfill("A", range).ok());
    EXPECT_EQ(this->board().backfill("A", {"updated", "9", ""}).error().code, core::ErrorCode::kConflict);
    ASSERT_TRUE(this->board().declare({{"A", 5}}).ok());
    ASSERT_EQ(valueOf(this->board().list()).size(), 2U) << "a hub that starts keeps it";

    const auto own = valueOf(this->queue().claim("node1", 30s));
    const auto beside = valueOf(this->queue().claim("node2", 30s));
    ASSERT_TRUE(own && beside);
    EXPECT_EQ(own->name(), "A");
    EXPECT_FALSE(own->backfill);
    EXPECT_EQ(beside->item, "A");
    EXPECT_EQ(beside->name(), "A:backfill");
    ASSERT_TRUE(beside->backfill);
    EXPECT_EQ(beside->backfill->column, "updated");
    EXPECT_EQ(beside->backfill->from, "2026-01-01 \"x\"");
    EXPECT_TRUE(valueOf(this->queue().extend(*beside, 30s)));
    ASSERT_TRUE(this->board().cancel("A", true).ok());
    EXPECT_TRUE(valueOf(this->queue().cancelled("node1")).empty()) << "the item's own run was not meant";
    EXPECT_EQ(valueOf(this->queue().cancelled("node2")), std::vector<std::string>{"A:backfill"});
    ASSERT_TRUE(this->queue().complete(*beside, 0, true).ok());
    const auto left = valueOf(this->board().list());
    ASSERT_EQ(left.size(), 1U) << "it is over, however it ended";
    EXPECT_EQ(left[0].owner, "node1");
}

TYPED_TEST(JobRowsTest, TakesABackfillBackThatHasNotBegun) {
    ASSERT_TRUE(this->board().declare({{"A", 0}, {"B", 0}}).ok());
    ASSERT_TRUE(this->board().backfill("A", {"n", "1", "2"}).ok());
    EXPECT_EQ(this->board().cancel("B", true).error().code, core::ErrorCode::kConflict);
    EXPECT_EQ(this->board().cancel("X", true).error().code, core::ErrorCode::kNotFound);
    ASSERT_TRUE(this->board().cancel("A", true).ok());
    EXPECT_FALSE(valueOf(this->queue().claim("node", 30s)).has_value());
    EXPECT_EQ(valueOf(this->board().list()).size(), 2U);
    ASSERT_TRUE(this->board().backfill("A", {"n", "1", "2"}).ok());
    ASSERT_TRUE(this->board().declare({{"B", 0}}).ok());
    EXPECT_EQ(valueOf(this->board().list()).size(), 1U) << "its item is gone";
}

TYPED_TEST(JobRowsTest, LeavesPausedJobsAlone) {
    ASSERT_TRUE(this->board().declare({{"A", this->now()}}).ok());
    ASSERT_TRUE(this->board().pause("A", true).ok());
    EXPECT_FALSE(valueOf(this->queue().claim("node", 30s)).has_value());
    ASSERT_TRUE(this->board().pause("A", false).ok());
    EXPECT_TRUE(valueOf(this->queue().claim("node", 30s)).has_value());
}

TYPED_TEST(JobRowsTest, KeepsKnownJobsAndForgetsThoseOfItemsThatAreGone) {
    ASSERT_TRUE(this->board().declare({{"A", 1}, {"B", 2}}).ok());
    ASSERT_TRUE(this->board().pause("A", true).ok());
    ASSERT_TRUE(this->board().declare({{"A", 9}, {"C", 3}}).ok());
    const auto jobs = valueOf(this->board().list());
    ASSERT_EQ(jobs.size(), 2U);
    EXPECT_EQ(jobs[0].nextRun, 1);
    EXPECT_TRUE(jobs[0].paused);
    EXPECT_EQ(jobs[1].item, "C");
}

TYPED_TEST(JobRowsTest, TellsTheNodeThatRunsAnItemToStop) {
    ASSERT_TRUE(this->board().declare({{"A", this->now()}, {"B", 0}}).ok());
    EXPECT_EQ(this->board().cancel("A").error().code, core::ErrorCode::kConflict) << "it does not run yet";
    EXPECT_EQ(this->board().cancel("X").error().code, core::ErrorCode::kNotFound);
    const auto lease = valueOf(this->queue().claim("node1", 30s));
    ASSERT_TRUE(lease.has_value());
    EXPECT_TRUE(valueOf(this->queue().cancelled("node1")).empty());
    ASSERT_TRUE(this->board().cancel("A").ok());
    EXPECT_EQ(valueOf(this->queue().cancelled("node1")), std::vector<std::string>{"A"});
    EXPECT_TRUE(valueOf(this->queue().cancelled("node2")).empty());
    ASSERT_TRUE(this->queue().complete(*lease, this->now(), false).ok());
    const auto next = valueOf(this->queue().claim("node1", 30s));
    ASSERT_TRUE(next.has_value());
    EXPECT_TRUE(valueOf(this->queue().cancelled("node1")).empty()) << "the next run was not meant";
    this->clock.advance(31s);
    EXPECT_EQ(this->board().cancel("A").error().code, core::ErrorCode::kConflict) << "its node is gone";
}

}  // namespace
}  // namespace yimen::sync
