#include "sync/row_hash.h"
#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class DeadLetterBoxTest : public TargetTest<Backend> {
protected:
    void SetUp() override {
        this->prepare(this->people());
        this->begin();
        Reject reject;
        reject.origin = 7;
        reject.rule = "id_card";
        reject.field = "name";
        reject.message = "check digit";
        reject.raw = "{\"xm\":\"secret\"}";
        Reject other = reject;
        other.rule = "required";
        Reject second = reject;
        second.raw = "{\"xm\":\"other\"}";
        this->commit({}, "p", {reject, other, second});
    }
    /// A refusal of the record with that key.
    static Reject refused(std::string_view key, const std::string& rule, std::uint64_t origin = 0) {
        Reject out;
        out.rule = rule;
        out.field = "age";
        out.origin = origin;
        out.raw = "{\"nl\":\"-3\"}";
        out.key = keyHash(std::vector<std::string_view>{key});
        return out;
    }
    std::vector<DeadLetter> letters(const std::string& rule = {}) {
        return valueOf(this->shared.deadLetters->open({"ZS-01", rule}, 0, 10));
    }
};
TYPED_TEST_SUITE(DeadLetterBoxTest, Backends);

TYPED_TEST(DeadLetterBoxTest, GroupsAndOpensWhatWasRefused) {
    const auto groups = valueOf(this->shared.deadLetters->groups());
    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].rule, "id_card");
    EXPECT_EQ(groups[0].open, 2U);
    const auto letters = valueOf(this->shared.deadLetters->open({"ZS-01", "id_card"}, 0, 10));
    ASSERT_EQ(letters.size(), 2U);
    EXPECT_EQ(letters[0].id, groups[0].sample);
    EXPECT_EQ(letters[0].reject.raw, "{\"xm\":\"secret\"}");
    EXPECT_EQ(letters[0].reject.origin, 7U);
    EXPECT_EQ(letters[0].reject.message, "check digit");
    EXPECT_EQ(letters[0].mapVersion, "m1");
    EXPECT_EQ(letters[0].createdAt, this->now());
    EXPECT_EQ(valueOf(this->shared.deadLetters->open({"ZS-01"}, letters[0].id, 1)).size(), 1U);
}

TYPED_TEST(DeadLetterBoxTest, DiscardsAllOfAListOrNone) {
    const auto letters = valueOf(this->shared.deadLetters->open({"ZS-01"}, 0, 10));
    EXPECT_EQ(this->shared.deadLetters->discard({letters[0].id, letters[2].id + 9}, "wang").error().code,
              core::ErrorCode::kConflict);
    EXPECT_EQ(valueOf(this->shared.deadLetters->open({"ZS-01"}, 0, 10)).size(), 3U);
    EXPECT_TRUE(this->shared.deadLetters->discard({letters[0].id, letters[1].id}, "wang").ok());
    EXPECT_EQ(valueOf(this->shared.deadLetters->open({"ZS-01"}, 0, 10)).size(), 1U);
    EXPECT_FALSE(this->shared.deadLetters->discard({letters[0].id}, "wang").ok());
}

TYPED_TEST(DeadLetterBoxTest, CountsTheSameRecordAgainInsteadOfDoublingIt) {
    const DeadLetter first = valueOf(this->shared.deadLetters->open({"ZS-01", "id_card"}, 0, 1))[0];
    this->finish();
    this->begin();
    this->clock.advance(std::chrono::hours(1));
    Reject again = first.reject;
    again.message = "check digit, still";
    EXPECT_EQ(this->commit({}, "p", {again, again}).rejected, 2U) << "rows are counted, letters are not";
    const auto letters = valueOf(this->shared.deadLetters->open({"ZS-01", "id_card"}, 0, 10));
    ASSERT_EQ(letters.size(), 2U);
    EXPECT_EQ(letters[0].id, first.id);
    EXPECT_EQ(letters[0].times, 3);
    EXPECT_EQ(letters[0].run, first.run);
    EXPECT_EQ(letters[0].lastRun, this->run.id);
    EXPECT_EQ(letters[0].reject.message, "check digit, still");
    EXPECT_EQ(letters[1].times, 1);
    const auto groups = valueOf(this->shared.deadLetters->groups());
    EXPECT_EQ(groups[0].lastRun, this->run.id);
    EXPECT_EQ(groups[0].lastSeen, this->now());
    // Once it was dealt with, the next refusal is a new letter.
    EXPECT_TRUE(this->shared.deadLetters->discard({first.id}, "wang").ok());
    this->commit({}, "p", {again});
    EXPECT_GT(valueOf(this->shared.deadLetters->open({"ZS-01", "id_card"}, 0, 10))[1].id, letters[1].id);
}

TYPED_TEST(DeadLetterBoxTest, ClosesTheLetterOfARecordThatCameInGood) {
    this->commit({}, "p", {this->refused("a", "range")});
    ASSERT_EQ(this->letters("range").size(), 1U);
    this->commit({{{"b", "1", nullptr}}});
    EXPECT_EQ(this->letters("range").size(), 1U) << "another record";
    this->commit({{{"a", "1", nullptr}}}, "p", {this->refused("a", "range", 9)});
    EXPECT_EQ(this->letters("range").size(), 1U) << "good first and bad after it";
    this->finish();
    this->begin();
    this->commit({{{"a", "1", nullptr}}});
    EXPECT_TRUE(this->letters("range").empty()) << "unchanged, but good";
    this->commit({{{"a", "1", nullptr}}}, "p", {this->refused("a", "range", 0)});
    EXPECT_TRUE(this->letters("range").empty()) << "bad first and good after it";
    EXPECT_EQ(this->letters().size(), 3U) << "letters without a key wait";
}

TYPED_TEST(DeadLetterBoxTest, ClosesTheLetterOfARecordThatIsGone) {
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}}, "p",
                 {this->refused("a", "range"), this->refused("x", "range", 4), this->refused("y", "range", 5)});
    this->finish();
    this->begin();
    this->commit({{{"x", "1", nullptr}, Op::kDelete}});
    EXPECT_EQ(this->letters("range").size(), 1U) << "deleted, though the item never had it";
    this->commit({{{"b", "1", nullptr}}}, "p", {this->refused("y", "range", 5)});
    valueOf(this->writer->removeUnseen(this->taken.claim, {1.0, true, std::nullopt}));
    const auto left = this->letters("range");
    ASSERT_EQ(left.size(), 1U) << "the complete read saw y alone";
    EXPECT_EQ(left[0].times, 2);
    EXPECT_EQ(this->letters().size(), 3U + 1U);
}

TYPED_TEST(DeadLetterBoxTest, SaysOfARecordWhatTheLastReadSaid) {
    this->commit({}, "p", {this->refused("a", "range")});
    this->commit({}, "p", {this->refused("a", "code_table")});
    EXPECT_TRUE(this->letters("range").empty()) << "that text is not at the source any more";
    EXPECT_EQ(this->letters("code_table").size(), 1U);
    this->commit({}, "p", {this->refused("a", "range", 3), this->refused("a", "code_table", 4)});
    EXPECT_EQ(this->letters("range").size() + this->letters("code_table").size(), 2U) << "two rows of one batch";
}

TYPED_TEST(DeadLetterBoxTest, ClosesLettersThatAnotherWriterWrote) {
    this->commit({{{"b", "1", nullptr}}});
    const auto other = valueOf(this->shared.target->writer(this->item, false));
    const auto theirs = valueOf(this->shared.target->takeOver(this->item.code, "2", this->run.id));
    const Batch none = batchOf({}, 3);
    Commit commit;
    commit.rows = &none;
    commit.read = 1;
    commit.rejected = {this->refused("a", "range")};
    valueOf(other->commit(theirs.claim, commit));
    ASSERT_EQ(this->letters("range").size(), 1U);
    this->commit({{{"a", "1", nullptr}}});
    EXPECT_TRUE(this->letters("range").empty()) << "written after this writer looked";
}

TYPED_TEST(DeadLetterBoxTest, KeepsAThousandOfOneBatch) {
    std::vector<Reject> many(1001);
    for (std::size_t i = 0; i < many.size(); ++i) many[i].origin = i;
    EXPECT_EQ(this->commit({}, "q", many).rejected, 1001U);
    const auto letters = valueOf(this->shared.deadLetters->open({"ZS-01"}, 3, 2000));
    ASSERT_EQ(letters.size(), 1001U);
    for (std::size_t i = 0; i < letters.size(); ++i) EXPECT_EQ(letters[i].reject.origin, i);
}

TYPED_TEST(DeadLetterBoxTest, WritesNothingWhenALetterCannotBeSealed) {
    this->sealer->broken = true;
    const auto failed = this->tryCommit({{{"a", "1", nullptr}}}, "q", std::vector<Reject>(1));
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(this->stored(), "");
    this->sealer->broken = false;
    // What was known of the keys is of the table as it is, not as the failed commit would have made it.
    EXPECT_EQ(this->commit({{{"a", "1", nullptr}}}, "q", std::vector<Reject>(1)), (Counters{2, 1, 0, 0, 1, 0, 0, 0}));
    EXPECT_EQ(this->commit({{{"a", "1", nullptr}}}), (Counters{1, 0, 0, 1, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace yimen::sync
