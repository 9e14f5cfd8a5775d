#include <array>

#include "sync/row_hash.h"
#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class RemovalTest : public TargetTest<Backend> {
protected:
    void SetUp() override {
        this->prepare(this->people());
        this->begin();
        this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}, {{"c", "1", nullptr}}, {{"d", "1", nullptr}}});
        this->finish();
        this->clock.advance(std::chrono::seconds(1));
        this->begin();
    }
    Removal remove(double share, std::optional<RunId> confirmed = std::nullopt) {
        return valueOf(this->writer->removeUnseen(this->taken.claim, {share, true, confirmed}));
    }
};
TYPED_TEST_SUITE(RemovalTest, Backends);

TYPED_TEST(RemovalTest, RemovesWhatWasNotSeenAndKeepsItsHistory) {
    this->commit({{{"a", "1", nullptr}}, {{"b", "2", nullptr}}, {{"e", "1", nullptr}}});
    const std::int64_t before = this->now();
    this->clock.advance(std::chrono::seconds(1));
    const Removal done = this->remove(0.5);
    EXPECT_EQ(done.unseen, 2U);
    EXPECT_EQ(done.before, 5U);
    EXPECT_EQ(done.removed, 2U);
    EXPECT_FALSE(done.refused);
    EXPECT_EQ(this->stored(), "a|1|~\nb|2|~\ne|1|~\n");
    EXPECT_EQ(this->stored(before), "a|1|~\nb|2|~\nc|1|~\nd|1|~\ne|1|~\n");
    EXPECT_EQ(this->remove(0.5).removed, 2U) << "asked again, it says what it did";
    this->finish();
    const auto found = valueOf(this->shared.runs->find(this->run.id));
    EXPECT_EQ(found->counters.removed, 2U);
    EXPECT_TRUE(found->counters.balanced());
    EXPECT_EQ(found->removal->removed, 2U);
}

TYPED_TEST(RemovalTest, AsksAPersonAboveTheShare) {
    this->commit({{{"a", "1", nullptr}}});
    EXPECT_TRUE(this->remove(0.5).refused);
    EXPECT_EQ(valueOf(this->shared.rows->count(this->item)), 4U);
    this->finish(RunState::kPartial);
    const RunId refused = this->run.id;
    this->begin();
    this->commit({{{"a", "1", nullptr}}});
    EXPECT_TRUE(this->remove(0.5, refused + 100).refused) << "nobody refused that";
    this->finish(RunState::kPartial);
    this->begin();
    this->commit({{{"a", "1", nullptr}}});
    EXPECT_EQ(this->remove(0.0, refused).removed, 3U);
}

TYPED_TEST(RemovalTest, ShowsKeysOfWhatItHeldBackWhileTheItemHasThem) {
    this->commit({{{"a", "1", nullptr}}});
    EXPECT_TRUE(this->remove(0.1).refused);
    this->finish(RunState::kPartial);
    const RunId held = this->run.id;
    ItemRows& rows = *this->shared.rows;
    EXPECT_EQ(valueOf(rows.heldBack(this->item, held)), (std::vector<std::vector<std::string>>{{"b"}, {"c"}, {"d"}}));
    EXPECT_TRUE(valueOf(rows.heldBack(this->item, held - 1)).empty()) << "that run held nothing back";
    this->begin();
    this->commit({{{"a", "1", nullptr}}, {{"c", "1", nullptr}}, {{"d", "1", nullptr}}});
    EXPECT_EQ(this->remove(0.5).removed, 1U);
    EXPECT_EQ(valueOf(rows.heldBack(this->item, held)), (std::vector<std::vector<std::string>>{{"c"}, {"d"}}));
}

TYPED_TEST(RemovalTest, ShowsNoMoreThanAFewKeys) {
    std::vector<std::string> names;
    for (int i = 0; i < 40; ++i) names.push_back("n" + std::to_string(i));
    std::vector<Row> many;
    for (const std::string& name : names) many.push_back({{name.c_str(), "1", nullptr}});
    this->commit(many);
    this->remove(1.0);
    this->finish();
    this->begin();
    EXPECT_TRUE(this->remove(0.0).refused);
    EXPECT_EQ(valueOf(this->shared.rows->heldBack(this->item, this->run.id)).size(), ItemRows::kMaxHeldBack);
}

TYPED_TEST(RemovalTest, RemovesNothingWhenTheSourceWasEmpty) {
    EXPECT_TRUE(this->remove(1.0).refused);
    EXPECT_EQ(valueOf(this->shared.rows->count(this->item)), 4U);
}

TYPED_TEST(RemovalTest, RemembersWhatWasSeenBeforeACrash) {
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}}, "p1");
    this->reopen();
    this->begin(ReadMode::kFull);
    this->commit({{{"c", "1", nullptr}}}, "p2");
    EXPECT_EQ(this->remove(0.5).removed, 1U);
    EXPECT_EQ(this->stored(), "a|1|~\nb|1|~\nc|1|~\n");
}

TYPED_TEST(RemovalTest, KeepsARowWhoseNewContentWasRefused) {
    const Batch rows = batchOf({{{"b"}}}, 1);
    const std::array<std::size_t, 1> keys{0};
    Reject reject;
    reject.key = keyHash(rows, 0, keys);
    this->commit({{{"a", "1", "not a number"}}, {{"c", "1", nullptr}}}, "p", {reject});
    EXPECT_EQ(this->remove(0.5).removed, 1U);
    EXPECT_EQ(this->stored(), "a|1|~\nb|1|~\nc|1|~\n");
}

TYPED_TEST(RemovalTest, ComparesInPassesWhenThereAreManyKeys) {
    this->maxKeys = 1;
    this->reopen();
    this->begin();
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}, {{"d", "1", nullptr}}});
    EXPECT_EQ(this->remove(0.5).removed, 1U);
    EXPECT_EQ(this->stored(), "a|1|~\nb|1|~\nd|1|~\n");
}

TYPED_TEST(RemovalTest, RemovesNothingWhenAllWasSeen) {
    this->commit({{{"a", "1", nullptr}}, {{"b", "2", nullptr}}, {{"f", "1", nullptr}}});
    this->commit({{{"c", "1", nullptr}}, {{"a", "1", nullptr}}, {{"d"}, Op::kDelete}});
    const Removal done = this->remove(0.0);
    EXPECT_EQ(done.unseen, 0U);
    EXPECT_EQ(done.before, 4U);
    EXPECT_FALSE(done.refused);
    EXPECT_EQ(this->stored(), "a|1|~\nb|2|~\nc|1|~\nf|1|~\n");
}

TYPED_TEST(RemovalTest, FindsOneUnseenRowAfterARowOfTheRunWasDeletedAgain) {
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}, {{"f", "1", nullptr}}});
    this->commit({{{"c", "1", nullptr}}, {{"f"}, Op::kDelete}});
    const Removal done = this->remove(0.5);
    EXPECT_EQ(done.unseen, 1U);
    EXPECT_EQ(done.before, 4U);
    EXPECT_EQ(this->stored(), "a|1|~\nb|1|~\nc|1|~\n");
}

TYPED_TEST(RemovalTest, CountsTheRowsOfAFirstReadWithoutLookingAtThem) {
    ItemTable other = this->people();
    other.code = "OTHER";
    other.table = "other";
    this->finish();
    this->prepare(other);
    this->begin();
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}});
    this->commit({{{"c", "1", nullptr}}, {{"a"}, Op::kDelete}});
    const Removal done = this->remove(0.0);
    EXPECT_EQ(done.before, 2U);
    EXPECT_EQ(done.unseen, 0U);
    EXPECT_EQ(this->stored(), "b|1|~\nc|1|~\n");
}

/// A claim of the run was taken over on the way: what the former holder saw is in the database alone.
TYPED_TEST(RemovalTest, LooksIntoTheDatabaseForWhatAnotherWorkerSaw) {
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}}, "p1");
    this->reopen();
    this->begin(ReadMode::kFull);
    this->commit({{{"c", "1", nullptr}}, {{"d", "1", nullptr}}}, "p2");
    const Removal done = this->remove(0.0);
    EXPECT_EQ(done.unseen, 0U);
    EXPECT_EQ(done.before, 4U);
}

/// How many keys there are is taken from the last complete read, which knew of fewer.
TYPED_TEST(RemovalTest, HoldsNoMoreKeysThanItMayWhenTheItemHasGrown) {
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}, {{"c", "1", nullptr}}, {{"d", "1", nullptr}}});
    this->remove(1.0);
    this->finish();
    this->begin();
    std::vector<Row> more;
    const std::vector<std::string> names{"e", "f", "g", "h"};
    for (const std::string& name : names) more.push_back({{name.c_str(), "1", nullptr}});
    this->commit(more);
    this->finish();
    this->maxKeys = 5;
    this->reopen();
    this->begin();
    this->commit({{{"a", "1", nullptr}}, {{"e", "2", nullptr}}, {{"z", "1", nullptr}}});
    const Removal done = this->remove(1.0);
    EXPECT_EQ(done.before, 9U);
    EXPECT_EQ(done.removed, 6U);
    EXPECT_EQ(this->stored(), "a|1|~\ne|2|~\nz|1|~\n");
}

TYPED_TEST(RemovalTest, IsRefusedWithoutTheClaim) {
    this->commit({{{"a", "1", nullptr}}});
    valueOf(this->shared.target->takeOver(this->item.code, "", this->run.id));
    const auto done = this->writer->removeUnseen(this->taken.claim, {1.0, true, std::nullopt});
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, core::ErrorCode::kConflict);
}

}  // namespace
}  // namespace yimen::sync
