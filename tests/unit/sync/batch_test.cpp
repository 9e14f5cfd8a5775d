#include "sync/batch.h"

#include <gtest/gtest.h>

#include <string>

namespace yimen::sync {
namespace {

TEST(Batch, KeepsNullApartFromEmpty) {
    Batch batch;
    batch.reset(2);
    const std::size_t row = batch.addRow(Op::kUpsert, 7);
    ASSERT_TRUE(batch.set(row, 0, ""));
    EXPECT_FALSE(batch.isNull(row, 0));
    EXPECT_TRUE(batch.isNull(row, 1));
    EXPECT_EQ(batch.text(row, 1), "");
    EXPECT_EQ(batch.origin(row), 7U);
}

TEST(Batch, TakesTheLastRowBackWithItsBytes) {
    Batch batch;
    batch.reset(1);
    ASSERT_TRUE(batch.set(batch.addRow(Op::kUpsert, 1), 0, "first"));
    const std::size_t before = batch.textBytes();
    ASSERT_TRUE(batch.set(batch.addRow(Op::kDelete, 2), 0, "second"));
    batch.dropLastRow();
    EXPECT_EQ(batch.rows(), 1U);
    EXPECT_EQ(batch.textBytes(), before);
    EXPECT_EQ(batch.text(0, 0), "first");
}

TEST(Batch, IsFullByRowsOrByBytesWhicheverIsFirst) {
    Batch batch;
    batch.reset(1);
    ASSERT_TRUE(batch.set(batch.addRow(Op::kUpsert, 1), 0, std::string(Batch::kMaxBytes, 'x')));
    EXPECT_TRUE(batch.full());
    batch.reset(1);
    EXPECT_FALSE(batch.full());
    for (std::size_t i = 0; i < Batch::kMaxRows; ++i) batch.addRow(Op::kUpsert, i);
    EXPECT_TRUE(batch.full());
}

TEST(Batch, KeepsItsMemoryWhenItIsUsedAgain) {
    Batch batch;
    batch.reset(3);
    for (std::size_t i = 0; i < 1000; ++i) ASSERT_TRUE(batch.set(batch.addRow(Op::kUpsert, i), 1, "some text"));
    const std::size_t held = batch.footprint();
    batch.reset(3);
    EXPECT_EQ(batch.footprint(), held);
    for (std::size_t i = 0; i < 1000; ++i) ASSERT_TRUE(batch.set(batch.addRow(Op::kUpsert, i), 1, "some text"));
    EXPECT_EQ(batch.footprint(), held);
}

TEST(Batch, RefusesACellOverTheLimit) {
    Batch batch;
    batch.reset(1);
    batch.addRow(Op::kUpsert, 1);
    EXPECT_TRUE(batch.room(0, 0, Batch::kMaxCell + 1).empty());
    EXPECT_TRUE(batch.isNull(0, 0));
}

TEST(Batch, TakesAWholeRowInOneMove) {
    Batch batch;
    batch.reset(3);
    ASSERT_TRUE(batch.set(batch.addRow(Op::kUpsert, 1), 0, "before"));
    const Batch::Cell cells[] = {{0, 2}, {0, -1}, {3, 0}};
    ASSERT_TRUE(batch.appendRow(9, "ab,", cells));
    EXPECT_EQ(batch.text(0, 0), "before");
    EXPECT_EQ(batch.text(1, 0), "ab");
    EXPECT_TRUE(batch.isNull(1, 1));
    EXPECT_FALSE(batch.isNull(1, 2));
    EXPECT_EQ(batch.text(1, 2), "");
    EXPECT_EQ(batch.origin(1), 9U);
    batch.dropLastRow();
    EXPECT_EQ(batch.rows(), 1U);
    EXPECT_EQ(batch.text(0, 0), "before");
}

}  // namespace
}  // namespace yimen::sync
