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

TEST(Batch, IsFilledInPlaceByAForeignWriter) {
    Batch batch;
    batch.reset(2);
    Batch::Loan loan = batch.lend(3, 4);
    ASSERT_EQ(loan.cells.size(), 6U);
    EXPECT_EQ(loan.cells[5].length, -1);
    loan.arena[0] = 'a';
    loan.arena = batch.lendMore(1, 100'000);
    ASSERT_GE(loan.arena.size(), 100'000U);
    EXPECT_EQ(loan.arena[0], 'a');
    loan.arena[1] = 'b';
    loan.cells[0] = {0, 2};
    loan.cells[3] = {1, 1};
    loan.ops[1] = Op::kDelete;
    loan.origins[1] = 8;
    ASSERT_TRUE(batch.settle(2, 2));
    EXPECT_EQ(batch.rows(), 2U);
    EXPECT_EQ(batch.textBytes(), 2U);
    EXPECT_EQ(batch.text(0, 0), "ab");
    EXPECT_TRUE(batch.isNull(0, 1));
    EXPECT_EQ(batch.text(1, 1), "b");
    EXPECT_EQ(batch.op(1), Op::kDelete);
    EXPECT_EQ(batch.origin(1), 8U);
}

TEST(Batch, BelievesNothingOfAForeignWriter) {
    const auto settles = [](Batch::Cell cell, std::uint8_t op, std::size_t rows, std::size_t bytes) {
        Batch batch;
        batch.reset(1);
        const Batch::Loan loan = batch.lend(2, 10);
        loan.cells[1] = cell;
        loan.ops[0] = static_cast<Op>(op);
        const bool settled = batch.settle(rows, bytes);
        EXPECT_EQ(batch.rows(), settled ? rows : 0U);
        return settled;
    };
    EXPECT_TRUE(settles({0, 10}, 1, 2, 10));
    EXPECT_TRUE(settles({900, 0}, 0, 2, 10));  // an empty text lies nowhere
    EXPECT_FALSE(settles({0, 10}, 0, 2, 9));
    EXPECT_FALSE(settles({1, 10}, 0, 2, 10));
    EXPECT_FALSE(settles({0xFFFFFFFF, 2}, 0, 2, 10));
    EXPECT_FALSE(settles({0, -2}, 0, 2, 10));
    EXPECT_FALSE(settles({0, 1}, 2, 2, 10));
    EXPECT_FALSE(settles({0, 1}, 0, 3, 10));
    EXPECT_FALSE(settles({0, 1}, 0, 2, 11));
}

}  // namespace
}  // namespace yimen::sync
