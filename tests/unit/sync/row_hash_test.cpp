#include "sync/row_hash.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace yimen::sync {
namespace {

RowHash hashOf(const std::array<const char*, 2>& cells) {
    Batch batch;
    batch.reset(2);
    batch.addRow(Op::kUpsert, 0);
    for (std::size_t i = 0; i < 2; ++i) {
        if (cells[i] != nullptr) {
            EXPECT_TRUE(batch.set(0, i, cells[i]));
        }
    }
    return rowHash(batch, 0);
}

TEST(RowHash, TellsCellsApartByWhereTheyEnd) {
    EXPECT_NE(hashOf({"ab", "c"}), hashOf({"a", "bc"}));
    EXPECT_NE(hashOf({nullptr, "a"}), hashOf({"", "a"}));
    EXPECT_EQ(hashOf({"甲", "乙"}), hashOf({"甲", "乙"}));
}

TEST(RowHash, IsStableBecauseItIsStored) {
    EXPECT_EQ(hashOf({"ZS-SQ-013", nullptr}), 7656542914821577025ULL);
}

TEST(RowHash, ReadsCellsLongerThanItsBuffer) {
    Batch batch;
    batch.reset(1);
    ASSERT_TRUE(batch.set(batch.addRow(Op::kUpsert, 0), 0, std::string(5000, 'x') + "1"));
    ASSERT_TRUE(batch.set(batch.addRow(Op::kUpsert, 0), 0, std::string(5000, 'x') + "2"));
    EXPECT_NE(rowHash(batch, 0), rowHash(batch, 1));
    const std::array<std::size_t, 1> keys{0};
    EXPECT_EQ(keyHash(batch, 0, keys), rowHash(batch, 0));
}

}  // namespace
}  // namespace yimen::sync
