#include <stdexcept>

#include "unit/sync/runner/item_bench.h"

namespace yimen::sync {
namespace {

/// The rule `rows` at the end of whole runs.
class RowGuardTest : public ItemBench<SqliteBackend> {
protected:
    void begin(const std::string& deletes, const std::string& rule) {
        use(dataYaml("      - {to: id, from: a, key: true}\n", "    deletes: {how: " + deletes +
                                                                   "}\n    guard: {max_share: 100%}\n    quality:\n"
                                                                   "      - {rule: rows, " +
                                                                   rule + "}\n"),
            {"a"});
        fill(100);
        EXPECT_EQ(runItem().state, RunState::kDone) << "of the first load nothing can be said";
    }
    void fill(int count) {
        rows.clear();
        for (int i = 0; i < count; ++i) rows.push_back({"k" + std::to_string(i)});
    }
};

TEST_F(RowGuardTest, HoldsTheRemovalBackUntilAPersonAgrees) {
    begin("absent", "min_share: 80%");
    fill(79);
    const sync::Run held = runItem();
    EXPECT_EQ(held.state, RunState::kPartial);
    ASSERT_TRUE(held.removal);
    EXPECT_TRUE(held.removal->refused);
    EXPECT_NE(held.error.find("79 rows where there were 100: fewer"), std::string::npos) << held.error;
    EXPECT_EQ(valueOf(shared.rows->count(item)), 100U);
    const sync::Run agreed = runItem({ReadMode::kFull, held.id});
    EXPECT_EQ(agreed.counters.removed, 21U);
    EXPECT_EQ(valueOf(shared.rows->count(item)), 79U);
    EXPECT_EQ(runItem().state, RunState::kDone) << "from then on that is what there is";
}

TEST_F(RowGuardTest, WarnsAndGoesOnWhenTheRuleOnlyWarns) {
    begin("absent", "min_share: 80%, severity: warn");
    fill(79);
    const sync::Run warned = runItem();
    EXPECT_EQ(warned.state, RunState::kDone);
    EXPECT_NE(warned.error.find("fewer"), std::string::npos);
    EXPECT_EQ(warned.counters.removed, 21U);
}

TEST_F(RowGuardTest, FailsARunThatRemovesNothing) {
    begin("none", "max_share: 150%");
    fill(151);
    const sync::Run many = runItem();
    EXPECT_EQ(many.state, RunState::kFailed);
    EXPECT_NE(many.error.find("151 rows where there were 100: more"), std::string::npos) << many.error;
    fill(300);
    EXPECT_EQ(runItem({ReadMode::kFull, many.id}).state, RunState::kDone) << "a person agreed";
}

TEST_F(RowGuardTest, CountsTheSameAfterACrashBehindTheRemoval) {
    begin("absent", "min_share: 90%, max_share: 101%");
    fill(90);
    int commits = 0;
    failPoint = [&](std::string_view point) {
        // Nine batches of ten, then the removal.
        if (point == "after_commit" && ++commits == 10) throw std::runtime_error("cut here");
    };
    reopen();
    Progress progress;
    EXPECT_THROW((void)ItemRunner(parts()).run(system(), spec(), {ReadMode::kFull, {}}, progress), std::runtime_error);
    failPoint = {};
    reopen();
    const sync::Run done = runItem();
    EXPECT_EQ(done.state, RunState::kDone) << done.error;
    EXPECT_EQ(done.error, "") << "what the run itself removed was there before it";
    EXPECT_EQ(done.counters.removed, 10U);
    EXPECT_EQ(done.counters.read, 90U);
}

}  // namespace
}  // namespace yimen::sync
