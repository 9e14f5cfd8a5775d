#include "plugin/text_check.h"

#include <gtest/gtest.h>

#include "core/unicode.h"

namespace yimen::plugin {
namespace {

TEST(IsUtf8, AgreesWithIcuOnEveryShortText) {
    // Every pair of bytes, alone and before and after characters of each length.
    for (const std::string& around : {std::string(), std::string("abcdefgh"), std::string("\xe4\xb8\xad"),
                                      std::string("\xf0\x9f\x98\x80"), std::string("\xc3\xbc")}) {
        for (unsigned first = 0; first < 256; ++first) {
            for (unsigned second = 0; second < 256; ++second) {
                const std::string pair{static_cast<char>(first), static_cast<char>(second)};
                for (const std::string& text : {around + pair, pair + around, pair.substr(0, 1) + around + pair}) {
                    ASSERT_EQ(isUtf8(text), core::isValidUtf8(text)) << first << ' ' << second;
                }
            }
        }
    }
}

TEST(IsUtf8, KnowsTheBoundsOfThreeAndFourBytes) {
    for (unsigned lead = 0xE0; lead <= 0xFF; ++lead) {
        for (unsigned second = 0x70; second <= 0xCF; ++second) {
            const std::string three{static_cast<char>(lead), static_cast<char>(second), '\x80'};
            const std::string four = three + '\xBF';
            ASSERT_EQ(isUtf8(three), core::isValidUtf8(three)) << lead << ' ' << second;
            ASSERT_EQ(isUtf8(four), core::isValidUtf8(four)) << lead << ' ' << second;
        }
    }
}

sync::Batch rowsOf(std::initializer_list<std::string_view> cells) {
    sync::Batch batch;
    batch.reset(2);
    std::uint64_t origin = 10;
    for (const std::string_view cell : cells) {
        const std::size_t row = batch.addRow(sync::Op::kUpsert, origin++);
        EXPECT_TRUE(batch.set(row, 0, cell));
    }
    return batch;
}

TEST(TakeOutBadText, LeavesGoodRowsAlone) {
    sync::Batch batch = rowsOf({"plain", "中文", "", "end"});
    EXPECT_TRUE(takeOutBadText(batch, {"a", "b"}).empty());
    EXPECT_EQ(batch.rows(), 4U);
    EXPECT_EQ(batch.text(1, 0), "中文");
}

TEST(TakeOutBadText, TakesTheBadRowsOnly) {
    sync::Batch batch = rowsOf({"good", "\xff", "中文"});
    const auto rejects = takeOutBadText(batch, {"a", "b"});
    ASSERT_EQ(rejects.size(), 1U);
    EXPECT_EQ(rejects[0].origin, 11U);
    EXPECT_EQ(rejects[0].field, "a");
    EXPECT_EQ(rejects[0].raw, R"({"a":"\\xff","b":null})");
    ASSERT_EQ(batch.rows(), 2U);
    EXPECT_EQ(batch.text(1, 0), "中文");
    EXPECT_EQ(batch.origin(1), 12U);
}

TEST(TakeOutBadText, SeesACharacterThatIsCutBetweenTwoCells) {
    // The arena as a whole is good; its cells are not.
    sync::Batch batch = rowsOf({"\xe4\xb8", "\xad", "good"});
    EXPECT_EQ(takeOutBadText(batch, {"a", "b"}).size(), 2U);
    ASSERT_EQ(batch.rows(), 1U);
    EXPECT_EQ(batch.text(0, 0), "good");
}

}  // namespace
}  // namespace yimen::plugin
