#include "unit/sync/runner/item_bench.h"

namespace yimen::sync {
namespace {

/// A range that is read again beside the item's own runs.
template <typename Backend>
class BackfillTest : public ItemBench<Backend> {
protected:
    void SetUp() override {
        this->use(dataYaml("      - {to: id, from: a, key: true}\n      - {to: n, from: b, type: integer}\n",
                           "    deletes: {how: absent}\n    guard: {max_share: 100%}\n"),
                  {"a", "b"});
        this->rows = {{"8", "1"}, {"9", "1"}, {"10", "1"}, {"11", "1"}};
        ASSERT_EQ(this->runItem().state, RunState::kDone);
    }
    sync::Run fill(const std::string& from, const std::string& to, const std::string& column = "a") {
        RunOptions options;
        options.backfill = Range{column, from, to};
        return this->runItem(options);
    }
};
TYPED_TEST_SUITE(BackfillTest, Backends);

TYPED_TEST(BackfillTest, ReadsARangeAndRemovesNothing) {
    const std::string before = valueOf(this->shared.target->takeOver(this->item.code, "", 1)).position;
    this->rows = {{"9", "2"}, {"10", "x"}, {"11", "2"}};
    const sync::Run done = this->fill("9", "11");
    EXPECT_EQ(done.kind, RunKind::kBackfill);
    EXPECT_EQ(done.state, RunState::kPartial);
    EXPECT_EQ(done.counters, (Counters{2, 0, 1, 0, 1, 0, 0, 0})) << "compared as numbers, not as texts";
    EXPECT_EQ(this->stored(), "10|1\n11|1\n8|1\n9|2\n");
    EXPECT_EQ(this->letters().size(), 1U);
    EXPECT_EQ(valueOf(this->shared.target->takeOver(this->item.code, "", 1)).position, before);
    const sync::Run own = this->runItem();
    EXPECT_EQ(own.kind, RunKind::kSync);
    EXPECT_EQ(own.counters.removed, 1U);
    EXPECT_EQ(this->stored(), "10|1\n11|2\n9|2\n") << "a refused record keeps its row";
}

TYPED_TEST(BackfillTest, LeavesAloneWhatTheItemsOwnRunWroteMeanwhile) {
    this->rows = {{"8", "2"}, {"9", "2"}, {"10", "2"}, {"11", "x"}};
    this->onOpen = [this] {
        // The backfill has its rows in hand; the item's own run sees newer ones, and that one record is gone.
        this->rows = {{"9", "3"}, {"10", "1"}, {"11", "3"}};
        EXPECT_EQ(this->runItem().state, RunState::kDone);
    };
    const sync::Run done = this->fill("", "");
    EXPECT_EQ(done.state, RunState::kDone) << done.error;
    EXPECT_EQ(this->stored(), "10|2\n11|3\n9|3\n") << "8 was removed; nobody wrote 10 since";
    EXPECT_EQ(done.counters, (Counters{4, 0, 1, 0, 0, 3, 0, 0}));
    EXPECT_TRUE(this->letters().empty()) << "what was wrong with 11 is no more";
}

TYPED_TEST(BackfillTest, FailsInWordsForAColumnThatIsNot) {
    const sync::Run done = this->fill("1", "2", "updated");
    EXPECT_EQ(done.state, RunState::kFailed);
    EXPECT_NE(done.error.find("'updated'"), std::string::npos);
    this->away = true;
    EXPECT_EQ(this->fill("1", "2").state, RunState::kFailed) << "it is asked for anew, not tried again by itself";
}

}  // namespace
}  // namespace yimen::sync
