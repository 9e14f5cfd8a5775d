#include "unit/sync/targets/letters.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class DeadLetterBoxTest : public LettersTest<Backend> {};
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
