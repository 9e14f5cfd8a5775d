#include "sync/mapping/date_spellings.h"

#include <gtest/gtest.h>

namespace yimen::sync::mapping {
namespace {

TEST(DateSpellings, TakeDigitsWithinTheirBounds) {
    std::string_view text = "20260x";
    int number = 0;
    EXPECT_TRUE(takeNumber(text, 4, 4, number));
    EXPECT_EQ(number, 2026);
    EXPECT_FALSE(takeNumber(text, 2, 2, number)) << "one digit is left";
    text = "x";
    EXPECT_FALSE(takeNumber(text, 1, 2, number));
    EXPECT_TRUE(takeChar(text, 'x'));
    EXPECT_FALSE(takeChar(text, 'x'));
}

TEST(DateSpellings, CutAFractionAfterTheSixthDigit) {
    std::string_view text = "1234567Z";
    int micros = 0;
    ASSERT_TRUE(takeFraction(text, micros));
    EXPECT_EQ(micros, 123456);
    EXPECT_EQ(text, "Z");
    text = "5";
    ASSERT_TRUE(takeFraction(text, micros));
    EXPECT_EQ(micros, 500000);
    EXPECT_FALSE(takeFraction(text, micros));
}

TEST(DateSpellings, TakeZones) {
    const auto offset = [](std::string_view text) {
        std::optional<int> out;
        return takeZone(text, out) && text.empty() ? out : std::nullopt;
    };
    EXPECT_EQ(offset("Z"), 0);
    EXPECT_EQ(offset("+08:00"), 28800);
    EXPECT_EQ(offset("-0530"), -19800);
    EXPECT_EQ(offset("+08"), 28800);
    EXPECT_FALSE(offset("+15:00"));
    EXPECT_FALSE(offset("+08:"));
    EXPECT_FALSE(offset("08:00"));
}

TEST(DateSpellings, ReadNamedOnes) {
    EXPECT_EQ(parseIso("2026-06-30T08:00:00Z")->offset, 0);
    EXPECT_FALSE(parseIso("2026-02-30"));
    EXPECT_EQ(parseExcel("61")->day, 1) << "1900-03-01";
    EXPECT_FALSE(parseExcel("60")) << "a day that never was";
    EXPECT_EQ(parseUnix("-1", 1)->year, 1969);
    EXPECT_EQ(parseUnix("1500", 1000)->micros, 500000);
    EXPECT_FALSE(parseUnix("1e3", 1));
}

}  // namespace
}  // namespace yimen::sync::mapping
