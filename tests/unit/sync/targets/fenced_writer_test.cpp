#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class FencedWriterTest : public TargetTest<Backend> {};
TYPED_TEST_SUITE(FencedWriterTest, Backends);

TYPED_TEST(FencedWriterTest, CountsWhatBecameOfEachRow) {
    this->prepare(this->people());
    this->begin();
    EXPECT_EQ(this->commit({{{"a", "甲", "1"}}, {{"b", "乙", "2"}}}), (Counters{2, 2, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(this->commit({{{"a", "甲", "1"}}, {{"b", "乙", "3"}}, {{"c", nullptr, nullptr}}}),
              (Counters{3, 1, 1, 1, 0, 0, 0, 0}));
    EXPECT_EQ(this->commit({{{"a", nullptr, nullptr}, Op::kDelete}, {{"x", nullptr, nullptr}, Op::kDelete}}),
              (Counters{2, 0, 0, 1, 0, 0, 1, 0}));
    EXPECT_EQ(this->stored(), "b|乙|3\nc|~|~\n");
    EXPECT_EQ(valueOf(this->shared.rows->count(this->item)), 2U);
}

TYPED_TEST(FencedWriterTest, TakesTheLastOfAKeyInABatch) {
    this->prepare(this->people());
    this->begin();
    EXPECT_EQ(this->commit({{{"a", "1", "1"}}, {{"a", "2", "1"}}, {{"b", "1", "1"}}, {{"a", "3", "1"}}}),
              (Counters{4, 2, 0, 0, 0, 2, 0, 0}));
    EXPECT_EQ(this->commit({{{"a", "4", "1"}}, {{"a", nullptr, nullptr}, Op::kDelete}}),
              (Counters{2, 0, 0, 0, 0, 1, 1, 0}));
    EXPECT_EQ(this->stored(), "b|1|1\n");
}

TYPED_TEST(FencedWriterTest, KeepsTheNewestVersionInABatchAndInTheTable) {
    ItemTable wanted = this->people();
    wanted.version = 2;
    this->prepare(wanted);
    for (const ReadMode mode : {ReadMode::kIncremental, ReadMode::kFull}) {
        this->begin(mode);
        const bool first = mode == ReadMode::kIncremental;
        EXPECT_EQ(this->commit({{{"a", "new", "10"}}, {{"a", "old", "9"}}}),
                  (first ? Counters{2, 1, 0, 0, 0, 1, 0, 0} : Counters{2, 0, 0, 1, 0, 1, 0, 0}));
        EXPECT_EQ(this->commit({{{"a", "older", "2"}}}), (Counters{1, 0, 0, 0, 0, 1, 0, 0}));
        EXPECT_EQ(this->commit({{{"a", nullptr, "3"}, Op::kDelete}}), (Counters{1, 0, 0, 0, 0, 1, 0, 0}));
        EXPECT_EQ(this->stored(), "a|new|10\n");
        this->finish();
    }
    this->begin();
    EXPECT_EQ(this->commit({{{"a", "newest", "11"}}}), (Counters{1, 0, 1, 0, 0, 0, 0, 0}));
    EXPECT_EQ(this->commit({{{"a", nullptr, nullptr}, Op::kDelete}}), (Counters{1, 0, 0, 0, 0, 0, 1, 0}));
}

TYPED_TEST(FencedWriterTest, RefusesABatchThatDoesNotFitTheItem) {
    this->prepare(this->people());
    this->begin();
    const Batch batch = batchOf({{{"a", "b"}}}, 2);
    Commit commit;
    commit.rows = &batch;
    commit.read = 1;
    EXPECT_EQ(this->writer->commit(this->taken.claim, commit).error().code, core::ErrorCode::kInternal);
}

TYPED_TEST(FencedWriterTest, TakesKeysThatAreEqualOnlyToTheDatabase) {
    ItemTable wanted = this->people();
    wanted.schema.fields[0].type = FieldType::kDateTime;
    this->prepare(wanted);
    this->begin();
    this->commit({{{"2026-06-30T08:00:00+08:00", "1", "1"}}});
    EXPECT_EQ(this->commit({{{"2026-06-30T00:00:00Z", "2", "1"}}, {{"2026-06-30T00:00:01Z", "2", "1"}}}),
              (Counters{2, 1, 1, 0, 0, 0, 0, 0}));
    EXPECT_EQ(this->commit({{{"2026-06-30T01:00:00Z", "1", "1"}}, {{"2026-06-30T09:00:00+08:00", "2", "1"}}}),
              (Counters{2, 1, 1, 0, 0, 0, 0, 0}));
    EXPECT_EQ(this->stored(),
              "2026-06-30T08:00:00+08:00|2|1\n2026-06-30T08:00:01+08:00|2|1\n2026-06-30T09:00:00+08:00|2|1\n");
}

}  // namespace
}  // namespace yimen::sync
