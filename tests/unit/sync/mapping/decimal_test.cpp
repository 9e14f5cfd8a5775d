#include "sync/mapping/decimal.h"

#include <gtest/gtest.h>

namespace yimen::sync::mapping {
namespace {

std::string decimal(std::string_view text, std::string_view scale = "1") {
    static TextArena arena;
    const auto made = canonicalDecimal(text, *Scale::parse(scale), arena);
    EXPECT_EQ(made.fault == NumberFault::kNone, !isNullCell(made.text));
    return made.fault == NumberFault::kNone ? std::string(made.text) : "!";
}
std::string integer(std::string_view text, std::string_view scale = "1") {
    static TextArena arena;
    const auto made = canonicalInteger(text, *Scale::parse(scale), arena);
    return made.fault == NumberFault::kNone ? std::string(made.text) : "!";
}

TEST(Decimal, HasOneCanonicalText) {
    EXPECT_EQ(decimal("0"), "0");
    EXPECT_EQ(decimal("-0"), "0");
    EXPECT_EQ(decimal("0.000"), "0");
    EXPECT_EQ(decimal("+007.50"), "7.5");
    EXPECT_EQ(decimal(".5"), "0.5");
    EXPECT_EQ(decimal("5."), "5");
    EXPECT_EQ(decimal("-12.0340"), "-12.034");
    EXPECT_EQ(decimal("1,234,567.80"), "1234567.8");
    EXPECT_EQ(decimal("1.5e3"), "1500");
    EXPECT_EQ(decimal("1.5E-3"), "0.0015");
    EXPECT_EQ(decimal("100"), "100");
    EXPECT_EQ(decimal("12345678901234567890.123456789"), "12345678901234567890.123456789");
}

TEST(Decimal, MultipliesExactly) {
    EXPECT_EQ(decimal("12345", "0.0001"), "1.2345");
    EXPECT_EQ(decimal("0.1", "3"), "0.3");
    EXPECT_EQ(decimal("0.07", "100"), "7");
    EXPECT_EQ(decimal("-99999999999999999999", "0.999999999999999999"), "-99999999999999999899.000000000000000001");
    EXPECT_EQ(decimal("5", "-1"), "-5");
    EXPECT_EQ(decimal("0", "-1"), "0");
}

TEST(Decimal, RefusesWhatIsNoNumber) {
    for (const char* text :
         {"",    "-",    ".",         "+",    "1.2.3",    "1-2", "0x10", "1e",    "e5",  "NaN",
          "inf", "1,23", "12,34,567", ",123", "1234,567", "1 2", "１",   "1e999", "--1", "1.5e3.2"}) {
        EXPECT_EQ(decimal(text), "!") << text;
    }
    EXPECT_EQ(decimal(std::string(60, '9')), std::string(60, '9'));
    EXPECT_EQ(decimal(std::string(61, '9')), "!");
    EXPECT_EQ(decimal("0." + std::string(59, '0') + "1"), "0." + std::string(59, '0') + "1");
    EXPECT_EQ(decimal("1e-61"), "!");
}

TEST(Integer, StaysWithin64Bits) {
    EXPECT_EQ(integer("9223372036854775807"), "9223372036854775807");
    EXPECT_EQ(integer("9223372036854775808"), "!");
    EXPECT_EQ(integer("-9223372036854775808"), "-9223372036854775808");
    EXPECT_EQ(integer("007"), "7");
    EXPECT_EQ(integer("5.0"), "5");
    EXPECT_EQ(integer("5.5"), "!");
    EXPECT_EQ(integer("0.5", "2"), "1");
    EXPECT_EQ(integer("1.2E+2"), "120");
}

TEST(Scale, IsExactAndNotZero) {
    EXPECT_EQ(Scale::parse("0.0001")->places, 4);
    EXPECT_EQ(Scale::parse("1000")->places, -3);
    for (const char* text : {"0", "", "x", "0.00", "12345678901234567891"}) EXPECT_FALSE(Scale::parse(text)) << text;
}

}  // namespace
}  // namespace yimen::sync::mapping
