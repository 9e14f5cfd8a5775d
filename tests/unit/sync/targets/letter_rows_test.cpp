#include "sync/targets/letter_rows.h"

#include "unit/sync/targets/letters.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class LetterRowsTest : public LettersTest<Backend> {};
TYPED_TEST_SUITE(LetterRowsTest, Backends);

TYPED_TEST(LetterRowsTest, CountsTheSameRecordAgainInsteadOfDoublingIt) {
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

TYPED_TEST(LetterRowsTest, KeepsAThousandOfOneBatch) {
    std::vector<Reject> many(1001);
    for (std::size_t i = 0; i < many.size(); ++i) many[i].origin = i;
    EXPECT_EQ(this->commit({}, "q", many).rejected, 1001U);
    const auto letters = valueOf(this->shared.deadLetters->open({"ZS-01"}, 3, 2000));
    ASSERT_EQ(letters.size(), 1001U);
    for (std::size_t i = 0; i < letters.size(); ++i) EXPECT_EQ(letters[i].reject.origin, i);
}

}  // namespace
}  // namespace yimen::sync
