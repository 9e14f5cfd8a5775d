#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class RunLogTest : public TargetTest<Backend> {};
TYPED_TEST_SUITE(RunLogTest, Backends);

TYPED_TEST(RunLogTest, GoesOnWithTheRunThatIsUnderWay) {
    RunLog& log = *this->shared.runs;
    const sync::Run first = valueOf(log.begin("A", ReadMode::kFull, "m1"));
    EXPECT_EQ(first.state, RunState::kRunning);
    EXPECT_EQ(first.startedAt, this->now());
    EXPECT_EQ(valueOf(log.begin("A", ReadMode::kIncremental, "m2")).id, first.id);
    EXPECT_TRUE(log.finish(first.id, RunState::kRetrying, "source gone").ok());
    EXPECT_EQ(valueOf(log.find(first.id))->error, "source gone");
    EXPECT_EQ(valueOf(log.find(first.id))->endedAt, 0);
    const sync::Run again = valueOf(log.begin("A", ReadMode::kIncremental, "m2"));
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.mode, ReadMode::kFull);
    EXPECT_EQ(again.state, RunState::kRunning);
    EXPECT_TRUE(log.finish(first.id, RunState::kDone, "").ok());
    EXPECT_EQ(log.finish(first.id, RunState::kFailed, "").error().code, core::ErrorCode::kConflict);
    EXPECT_EQ(log.finish(first.id + 9, RunState::kFailed, "").error().code, core::ErrorCode::kNotFound);
    EXPECT_NE(valueOf(log.begin("A", ReadMode::kFull, "m1")).id, first.id);
}

TYPED_TEST(RunLogTest, ListsTheNewestFirst) {
    RunLog& log = *this->shared.runs;
    const RunId one = valueOf(log.begin("A", ReadMode::kFull, "m1")).id;
    const RunId two = valueOf(log.begin("B", ReadMode::kIncremental, "m1")).id;
    const auto all = valueOf(log.list("", 10));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].id, two);
    EXPECT_EQ(valueOf(log.list("A", 10)).at(0).id, one);
    EXPECT_EQ(valueOf(log.list("", 1)).size(), 1U);
    EXPECT_TRUE(valueOf(log.list("C", 1)).empty());
    EXPECT_FALSE(valueOf(log.find(two + 9)).has_value());
}

}  // namespace
}  // namespace yimen::sync
