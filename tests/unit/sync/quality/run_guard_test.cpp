#include "sync/quality/run_guard.h"

#include <gmock/gmock.h>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync::quality {
namespace {

TEST(RunGuard, HoldsBackARunOfTooFewOrTooManyRows) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n",
                          "    quality:\n      - {rule: rows, min_share: 80%, max_share: 120%}\n"
                          "      - {rule: rows, min_share: 95%, severity: warn}\n"),
                 {"a"});
    const ItemSpec& item = f.data->items[0];
    EXPECT_EQ(judgeRowCount(item, 100, 100)->message, "");
    EXPECT_EQ(judgeRowCount(item, 100, 120)->message, "");
    EXPECT_FALSE(judgeRowCount(item, 100, 90)->stop);
    EXPECT_THAT(judgeRowCount(item, 100, 90)->message, testing::HasSubstr("90 rows where there were 100: fewer"));
    EXPECT_TRUE(judgeRowCount(item, 100, 79)->stop);
    EXPECT_TRUE(judgeRowCount(item, 100, 121)->stop);
    EXPECT_TRUE(judgeRowCount(item, 100, 0)->stop);
    EXPECT_EQ(judgeRowCount(item, 0, 5)->message, "");
}

}  // namespace
}  // namespace yimen::sync::quality
