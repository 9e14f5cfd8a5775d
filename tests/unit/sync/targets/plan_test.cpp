#include "sync/targets/plan.h"

#include <array>

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

class PlanTest : public ::testing::Test {
protected:
    PlanTest() {
        item.code = "A";
        item.table = "a";
        item.schema.fields = {{"id", "", FieldType::kText, true, true}, {"n", "", FieldType::kInteger, false, false}};
    }
    std::uint64_t keyOf(const Batch& rows, std::size_t row) {
        const std::array<std::size_t, 1> keys{0};
        return keyHash(rows, row, keys);
    }
    ItemTable item;
    KeyTable known;
};

TEST_F(PlanTest, SortsRowsByWhatIsKnown) {
    const Batch rows = batchOf({{{"same", "1"}},
                                {{"other", "2"}},
                                {{"new", "3"}},
                                {{"gone", nullptr}, Op::kDelete},
                                {{"other2", nullptr}, Op::kDelete}},
                               2);
    known.set(this->keyOf(rows, 0), rowHash(rows, 0));
    known.set(this->keyOf(rows, 1), 1);
    known.set(this->keyOf(rows, 4), 1);
    Planner planner(item, true);
    const BatchPlan& plan = planner.plan(rows, Knowledge::kKeys, known);
    ASSERT_EQ(plan.fresh.size(), 1U);
    EXPECT_EQ(plan.fresh[0].row, 2U);
    ASSERT_EQ(plan.merge.size(), 1U);
    EXPECT_EQ(plan.merge[0].row, 1U);
    ASSERT_EQ(plan.erase.size(), 1U);
    EXPECT_EQ(plan.erase[0].row, 4U);
    EXPECT_EQ(plan.counters.unchanged, 2U);
    EXPECT_EQ(plan.seen, std::vector<std::uint64_t>{this->keyOf(rows, 0)});
    EXPECT_EQ(planner.plan(rows, Knowledge::kNothing, known).merge.size(), 3U);
    EXPECT_EQ(planner.plan(rows, Knowledge::kAllNew, known).fresh.size(), 3U);
}

TEST_F(PlanTest, RefusesRowsThatNoTargetCanHoldAndKeepsTheRest) {
    const Batch rows =
        batchOf({{{nullptr, "1"}}, {{"a", "x"}}, {{"\xff", "1"}}, {{"b", "x"}, Op::kDelete}, {{"a", "1"}}}, 2);
    Planner planner(item, true);
    const BatchPlan& plan = planner.plan(rows, Knowledge::kAllNew, known);
    ASSERT_EQ(plan.refused.size(), 3U);
    EXPECT_EQ(plan.refused[0].field, "id");
    EXPECT_EQ(plan.refused[1].field, "n");
    EXPECT_EQ(plan.refused[2].row, 2U);
    EXPECT_EQ(plan.fresh.size(), 1U);
    EXPECT_EQ(plan.erase.size(), 1U) << "of a delete only the key counts";
}

TEST_F(PlanTest, NamesNoValueInItsMessages) {
    const Batch rows = batchOf({{{"a", "320102197001011234X"}}}, 2);
    Planner planner(item, true);
    EXPECT_EQ(planner.plan(rows, Knowledge::kAllNew, known).refused.at(0).message.find("3201"), std::string::npos);
}

}  // namespace
}  // namespace yimen::sync
