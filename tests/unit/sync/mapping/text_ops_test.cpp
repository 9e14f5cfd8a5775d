#include "sync/mapping/text_ops.h"

#include <gtest/gtest.h>

namespace yimen::sync::mapping {
namespace {

TEST(TextOps, TrimAsciiAndIdeographicSpace) {
    EXPECT_EQ(trimmed(" \t\r\n　甲 乙　 "), "甲 乙");
    EXPECT_EQ(trimmed("　 　"), "");
    EXPECT_EQ(trimmed(""), "");
    EXPECT_EQ(trimmed("\xE3\x80"), "\xE3\x80");
}

TEST(TextOps, NarrowFullWidthForms) {
    TextArena arena;
    EXPECT_EQ(halfWidth("ＡＺａｚ０９！～　x", arena), "AZaz09!~ x");
    EXPECT_EQ(halfWidth("甲。乙", arena), "甲。乙");
    const std::string_view plain = "plain";
    EXPECT_EQ(halfWidth(plain, arena).data(), plain.data());
    EXPECT_EQ(halfWidth("a\xEF\xBC", arena), "a\xEF\xBC");
}

TEST(TextOps, ShowAtMostFortyCharacters) {
    EXPECT_EQ(shown("a\nb"), "a?b");
    std::string many;
    for (int i = 0; i < 41; ++i) many += "甲";
    EXPECT_EQ(shown(many), many.substr(0, 120) + "…");
    EXPECT_EQ(shown("\xE7"), "\xE7");
}

TEST(TextOps, KnowDigitsAndTruth) {
    EXPECT_TRUE(allDigits("0123"));
    EXPECT_FALSE(allDigits(""));
    EXPECT_FALSE(allDigits("12a"));
    EXPECT_EQ(characters("甲a乙"), 3U);
    EXPECT_EQ(canonicalBoolean("YES"), "true");
    EXPECT_EQ(canonicalBoolean("否"), "false");
    EXPECT_TRUE(isNullCell(canonicalBoolean("2")));
}

TEST(TextArena, KeepsViewsUntilItIsReset) {
    TextArena arena;
    std::vector<CellText> views;
    for (int i = 0; i < 100'000; ++i) views.push_back(arena.copy(std::to_string(i)));
    const CellText large = arena.copy(std::string(TextArena::kChunk + 1, 'x'));
    for (int i = 0; i < 100'000; ++i) ASSERT_EQ(views[static_cast<std::size_t>(i)], std::to_string(i));
    EXPECT_EQ(large.size(), TextArena::kChunk + 1);
    EXPECT_FALSE(isNullCell(arena.copy("")));
}

}  // namespace
}  // namespace yimen::sync::mapping
