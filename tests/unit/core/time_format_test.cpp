#include "core/time_format.h"

#include <gtest/gtest.h>

namespace yimen::core {
namespace {

TEST(FormatUtc, WritesRfc3339WithMicroseconds) {
    EXPECT_EQ(formatUtc(WallTime{}), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(formatUtc(fromUnixMicros(1'795'257'725'000'007)), "2026-11-21T10:42:05.000007Z");
    EXPECT_EQ(formatUtc(fromUnixMicros(-1)), "1969-12-31T23:59:59.999999Z");
}

// RFC 9110 section 5.6.7.
TEST(FormatHttpDate, WritesImfFixdate) {
    EXPECT_EQ(formatHttpDate(fromUnixSeconds(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(formatHttpDate(fromUnixSeconds(1709164800)), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(ParseDate, ReadsDaysThatExist) {
    EXPECT_EQ(toUnixSeconds(parseDate("1970-01-02").value()), 86400);
    EXPECT_EQ(formatDate(parseDate("2024-02-29").value()), "2024-02-29");
    for (const char* bad : {"2023-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20261121", "2026-11-31", "",
                            "2026-11-2x", " 2026-11-21", "2026-11-21 ", "+026-11-21", "2026/11/21", "-026-11-21"}) {
        EXPECT_FALSE(parseDate(bad).ok()) << bad;
    }
}

TEST(UnixTime, ConvertsBothWays) {
    EXPECT_EQ(toUnixSeconds(fromUnixSeconds(1'795'257'725)), 1'795'257'725);
    EXPECT_EQ(toUnixMicros(fromUnixMicros(42)), 42);
}

}  // namespace
}  // namespace yimen::core
