#include "sync/mapping/gather.h"

#include <gtest/gtest.h>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync {
namespace {

TEST(Gather, SplitsAndJoinsWithNulls) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n"
                          "      - {to: s, split: {from: b, by: \"::\", part: 2}}\n"
                          "      - {to: j, join: {from: [b, c], by: \"/\"}}\n"
                          "      - {to: k, constant: \"\"}\n"),
                 {"a", "b", "c"});
    ASSERT_TRUE(f.map({{"1", "x::y::z", " p "}, {"2", "x", {}}, {"3", {}, {}}, {"4", "x::", ""}}).ok());
    EXPECT_EQ(f.cell(0, 1), "y");
    EXPECT_EQ(f.cell(0, 2), "x::y::z/p");
    EXPECT_EQ(f.cell(0, 3), "");
    EXPECT_EQ(f.cell(1, 1), "<null>");
    EXPECT_EQ(f.cell(1, 2), "x");
    EXPECT_EQ(f.cell(2, 1), "<null>");
    EXPECT_EQ(f.cell(2, 2), "<null>");
    EXPECT_EQ(f.cell(3, 1), "");
    EXPECT_EQ(f.cell(3, 2), "x::/");
}

TEST(Gather, WantsTheColumnOfTheFlag) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n", "    deletes: {how: flag, field: gone}\n"), {"a"});
    EXPECT_FALSE(f.compile().ok());
}

}  // namespace
}  // namespace yimen::sync
