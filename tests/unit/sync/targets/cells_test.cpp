#include "sync/targets/cells.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(Cells, TakeIntegersInTheirShortestFormOnly) {
    EXPECT_EQ(integerOf("0"), 0);
    EXPECT_EQ(integerOf("-9223372036854775808"), INT64_MIN);
    for (const char* text : {"", "-", "-0", "01", "+1", " 1", "1 ", "1.0", "9223372036854775808", "1e3", "１"}) {
        EXPECT_FALSE(integerOf(text)) << text;
    }
}

TEST(Cells, TakeDecimalsWithoutExponentOrNegativeZero) {
    for (const char* text : {"0", "0.5", "-0.5", "10", "1.50", "123456789012345678901234567890.1"}) {
        EXPECT_TRUE(isDecimal(text)) << text;
    }
    for (const char* text : {"", "-", ".5", "5.", "00.5", "-0", "-0.00", "1e3", "NaN", "Infinity", "1,5", "1.2.3"}) {
        EXPECT_FALSE(isDecimal(text)) << text;
    }
    EXPECT_FALSE(isDecimal(std::string(1001, '1')));
}

TEST(Cells, TakeDaysThatExist) {
    EXPECT_EQ(dateOf("1970-01-01"), 0);
    EXPECT_EQ(dateOf("2000-01-01"), 10957);
    EXPECT_TRUE(dateOf("2024-02-29"));
    for (const char* text : {"2023-02-29", "2024-13-01", "2024-00-01", "0000-01-01", "2024-1-01", "2024/01/01", "x"}) {
        EXPECT_FALSE(dateOf(text)) << text;
    }
}

TEST(Cells, TakeInstantsAndWriteThemInOneForm) {
    const auto form = [](const char* text) { return instantText(instantOf(text).value()); };
    EXPECT_EQ(instantOf("1970-01-01T08:00:00+08:00"), 0);
    EXPECT_EQ(form("1969-12-31T23:59:59.9Z"), "1970-01-01T07:59:59.9+08:00");
    EXPECT_EQ(form("2026-06-30T00:00:00.120000-05:30"), "2026-06-30T13:30:00.12+08:00");
    for (const char* text :
         {"2026-06-30", "2026-06-30T08:00:00", "2026-06-30 08:00:00Z", "2026-06-30T24:00:00Z", "2026-06-30T08:60:00Z",
          "2026-06-30T08:00:00.Z", "2026-06-30T08:00:00.1234567Z", "2026-06-30T08:00:00+8:00", "2026-06-30T08:00:00z",
          "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+08:01"}) {
        EXPECT_FALSE(instantOf(text)) << text;
    }
}

TEST(Cells, RefuseTextThatNoDatabaseHolds) {
    EXPECT_TRUE(isStorableText("甲𠮷"));
    EXPECT_FALSE(isStorableText(std::string_view("a\0b", 3)));
    EXPECT_FALSE(isStorableText("\xff"));
    EXPECT_EQ(wrongWith(FieldType::kText, "\xff", false), nullptr);
    EXPECT_NE(wrongWith(FieldType::kText, "\xff", true), nullptr);
    EXPECT_NE(wrongWith(FieldType::kBoolean, "1", true), nullptr);
}

}  // namespace
}  // namespace yimen::sync
