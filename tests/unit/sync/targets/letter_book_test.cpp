#include "sync/targets/letter_book.h"

#include "unit/sync/targets/letters.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class LetterBookTest : public LettersTest<Backend> {};
TYPED_TEST_SUITE(LetterBookTest, Backends);

TYPED_TEST(LetterBookTest, ClosesTheLetterOfARecordThatCameInGood) {
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

TYPED_TEST(LetterBookTest, ClosesTheLetterOfARecordThatIsGone) {
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

TYPED_TEST(LetterBookTest, SaysOfARecordWhatTheLastReadSaid) {
    this->commit({}, "p", {this->refused("a", "range")});
    this->commit({}, "p", {this->refused("a", "code_table")});
    EXPECT_TRUE(this->letters("range").empty()) << "that text is not at the source any more";
    EXPECT_EQ(this->letters("code_table").size(), 1U);
    this->commit({}, "p", {this->refused("a", "range", 3), this->refused("a", "code_table", 4)});
    EXPECT_EQ(this->letters("range").size() + this->letters("code_table").size(), 2U) << "two rows of one batch";
}

TYPED_TEST(LetterBookTest, ClosesLettersThatAnotherWriterWrote) {
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

}  // namespace
}  // namespace yimen::sync
