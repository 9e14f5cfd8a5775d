#include "sync/mapping/mapper.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(Mapped, ForgetsTheLastBatch) {
    Mapped mapped;
    mapped.reset(2);
    mapped.rows.addRow(Op::kUpsert, 1);
    mapped.rejected.push_back({1, "required", "a", "missing", {}});
    mapped.dropped = 3;
    mapped.rules.push_back({"required", "a", "reject", 1, {1}});
    mapped.reset(4);
    EXPECT_TRUE(mapped.rows.empty());
    EXPECT_EQ(mapped.rows.columns(), 4U);
    EXPECT_TRUE(mapped.rejected.empty());
    EXPECT_EQ(mapped.dropped, 0U);
    EXPECT_TRUE(mapped.rules.empty());
}

}  // namespace
}  // namespace yimen::sync
