#include "sync/mapping/dates.h"

#include <gtest/gtest.h>

namespace yimen::sync::mapping {
namespace {

/// The canonical text of `text` in one spelling; "<null>" when it does not fit.
std::string day(const std::string& spelling, std::string_view text, bool withTime = false, int zone = 8 * 3600) {
    auto format = DateFormat::compile(spelling);
    if (!format.ok()) return "!" + format.error().message;
    static TextArena arena;
    const CellText out = canonicalDate(text, {{std::move(format).value()}, zone, withTime}, arena);
    return isNullCell(out) ? "<null>" : std::string(out);
}
std::string moment(const std::string& spelling, std::string_view text, int zone = 8 * 3600) {
    return day(spelling, text, true, zone);
}

TEST(Dates, ReadTheirSpellings) {
    EXPECT_EQ(day("yyyy-MM-dd", "2026-06-30"), "2026-06-30");
    EXPECT_EQ(day("yyyy/M/d", "2026/6/3"), "2026-06-03");
    EXPECT_EQ(day("yyyyMMdd", "20260630"), "2026-06-30");
    EXPECT_EQ(day("yyyy年M月d日", "2026年6月30日"), "2026-06-30");
    EXPECT_EQ(day("d.M.yyyy", "3.6.2026"), "2026-06-03");
    EXPECT_EQ(moment("yyyy-MM-dd HH:mm:ss", "2026-06-30 08:00:00"), "2026-06-30T08:00:00+08:00");
    EXPECT_EQ(moment("yyyy年M月d日H时m分", "2026年6月3日8时5分"), "2026-06-03T08:05:00+08:00");
    EXPECT_EQ(moment("yyyy-MM-dd'T'HH:mm:ss.SZ", "2026-06-30T23:30:00.1230+0000"), "2026-07-01T07:30:00.123+08:00");
    EXPECT_EQ(day("yyyy-MM-dd HH:mm:ss", "2026-06-30 23:59:59"), "2026-06-30");
}

TEST(Dates, RefuseWhatDoesNotFitOrDoesNotExist) {
    for (const char* text : {"", "2026-6-30", "2026-06-3", "2026-06-300", "2026-02-29", "2026-13-01", "2026-00-10",
                             "0000-00-00", "2026-06-31", " 2026-06-30", "2026-06-30 ", "2026/06/30", "二〇二六"}) {
        EXPECT_EQ(day("yyyy-MM-dd", text), "<null>") << text;
    }
    EXPECT_EQ(day("yyyy-MM-dd", "2024-02-29"), "2024-02-29");
    EXPECT_EQ(day("yyyy-MM-dd", "1900-02-29"), "<null>");
    EXPECT_EQ(day("yyyy-MM-dd", "2000-02-29"), "2000-02-29");
    EXPECT_EQ(moment("yyyy-MM-dd HH:mm:ss", "2026-06-30 24:00:00"), "<null>");
    EXPECT_EQ(moment("yyyy-MM-dd HH:mm:ss", "2026-06-30 23:60:00"), "<null>");
}

TEST(Dates, ReadWhatDatabasesWrite) {
    EXPECT_EQ(moment("iso", "2026-06-30"), "2026-06-30T00:00:00+08:00");
    EXPECT_EQ(moment("iso", "2026-06-30 08:00:00"), "2026-06-30T08:00:00+08:00");
    EXPECT_EQ(moment("iso", "2026-06-30 08:00:00.120000+08"), "2026-06-30T08:00:00.12+08:00");
    EXPECT_EQ(moment("iso", "2026-06-30T00:00:00Z"), "2026-06-30T08:00:00+08:00");
    EXPECT_EQ(moment("iso", "2026-06-30T00:00:00Z", 0), "2026-06-30T00:00:00+00:00");
    EXPECT_EQ(moment("iso", "2026-06-30T08:00:00+08:00"), "2026-06-30T08:00:00+08:00");
    EXPECT_EQ(moment("iso", "2026-06-30T08:00:00.123456789"), "2026-06-30T08:00:00.123456+08:00");
    EXPECT_EQ(moment("iso", "2026-12-31T23:00:00-05:30"), "2027-01-01T12:30:00+08:00");
    for (const char* text : {"2026-06-30T", "2026-06-30T08", "2026-06-30T08:00:00+", "2026-06-30T08:00:00+99:00",
                             "2026-06-30X08:00", "2026-06-30T08:00:00.", "9999-12-31T23:00:00-05:00"}) {
        EXPECT_EQ(moment("iso", text), "<null>") << text;
    }
}

TEST(Dates, KnowTheLeapDayOfExcelThatNeverWas) {
    EXPECT_EQ(day("excel", "1"), "1900-01-01");
    EXPECT_EQ(day("excel", "59"), "1900-02-28");
    EXPECT_EQ(day("excel", "60"), "<null>");
    EXPECT_EQ(day("excel", "61"), "1900-03-01");
    EXPECT_EQ(day("excel", "36526"), "2000-01-01");
    EXPECT_EQ(day("excel", "46203"), "2026-06-30");
    EXPECT_EQ(moment("excel", "46203.333333333336"), "2026-06-30T08:00:00+08:00");
    EXPECT_EQ(moment("excel", "46203.999999"), "2026-07-01T00:00:00+08:00");
    EXPECT_EQ(day("excel", "2958465"), "9999-12-31");
    for (const char* text : {"0", "-1", "2958466", "2958465.9999999", "46203.", "46203x", "1e4", ""}) {
        EXPECT_EQ(day("excel", text), "<null>") << text;
    }
}

TEST(Dates, ReadSecondsOfTheEpoch) {
    EXPECT_EQ(moment("unix", "0"), "1970-01-01T08:00:00+08:00");
    EXPECT_EQ(moment("unix", "1782777600"), "2026-06-30T08:00:00+08:00");
    EXPECT_EQ(moment("unix_ms", "1782777600123"), "2026-06-30T08:00:00.123+08:00");
    EXPECT_EQ(moment("unix_ms", "-1"), "1970-01-01T07:59:59.999+08:00");
    for (const char* text : {"", "12.5", "9223372036854775807", "99999999999999999999", "x"}) {
        EXPECT_EQ(moment("unix", text), "<null>") << text;
    }
}

TEST(Dates, CountDaysBothWays) {
    EXPECT_EQ(dayNumber(1970, 1, 1), 0);
    EXPECT_EQ(dayNumber(2000, 3, 1), 11017);
    EXPECT_EQ(dayNumber(1, 1, 1), -719162);
    for (std::int64_t n = -719162; n <= 2932896; n += 17) {
        const DateTime at = dateOfDay(n);
        ASSERT_TRUE(at.exists());
        ASSERT_EQ(dayNumber(at.year, at.month, at.day), n);
    }
}

TEST(Dates, RefuseSpellingsThatAreNone) {
    for (const char* text : {"yy-MM-dd", "yyyy-MM", "jjjj-MM-dd", "yyyy-MMM-dd", "", "yyyy-MM-dd'T", "YYYY-MM-DD"}) {
        EXPECT_FALSE(DateFormat::compile(text).ok()) << text;
    }
}

TEST(Dates, KnowZones) {
    EXPECT_EQ(zoneOffset("Asia/Shanghai"), 8 * 3600);
    EXPECT_EQ(zoneOffset("UTC"), 0);
    EXPECT_EQ(zoneOffset("+05:30"), 5 * 3600 + 1800);
    EXPECT_EQ(zoneOffset("-0200"), -7200);
    for (const char* text : {"", "Europe/Paris", "+15:00", "08:00", "+08:00x"}) EXPECT_FALSE(zoneOffset(text)) << text;
}

}  // namespace
}  // namespace yimen::sync::mapping
