#include "sync/runner/calendar.h"

#include <gtest/gtest.h>

#include <string>

namespace yimen::sync {
namespace {

using namespace std::chrono;

/// Local time of the district as ms since 1970.
std::int64_t at(int y, unsigned m, unsigned d, int hour, int minute) {
    const auto time = sys_days(year(y) / month(m) / day(d)) + hours(hour) + minutes(minute) - kDistrictOffset;
    return duration_cast<milliseconds>(time.time_since_epoch()).count();
}

std::int64_t next(const char* rule, std::int64_t after, const WorkingCalendar* calendar = nullptr) {
    const auto parsed = CronRule::parse(rule);
    EXPECT_TRUE(parsed.ok()) << rule;
    return parsed->next(after, calendar).value_or(-1);
}

TEST(CronRule, FindsTheNextMinuteInLocalTime) {
    EXPECT_EQ(next("30 2 * * *", at(2026, 11, 21, 2, 29)), at(2026, 11, 21, 2, 30));
    EXPECT_EQ(next("30 2 * * *", at(2026, 11, 21, 2, 30)), at(2026, 11, 22, 2, 30));
    EXPECT_EQ(next("*/15 * * * *", at(2026, 12, 31, 23, 50)), at(2027, 1, 1, 0, 0));
    EXPECT_EQ(next("0 0 29 2 *", at(2026, 1, 1, 0, 0)), at(2028, 2, 29, 0, 0));
    EXPECT_EQ(next("0 9-17/4 * * 1-5", at(2026, 11, 20, 17, 1)), at(2026, 11, 23, 9, 0));
    EXPECT_EQ(next("5,10 * * * *", at(2026, 11, 21, 0, 5)), at(2026, 11, 21, 0, 10));
}

TEST(CronRule, MatchesEitherDayWhenBothAreRestricted) {
    EXPECT_EQ(next("0 0 13 * 5", at(2026, 11, 10, 0, 0)), at(2026, 11, 13, 0, 0));
    EXPECT_EQ(next("0 0 13 * 5", at(2026, 11, 13, 0, 0)), at(2026, 11, 20, 0, 0));
    EXPECT_EQ(next("0 0 * * 7", at(2026, 11, 21, 0, 0)), at(2026, 11, 22, 0, 0)) << "Sunday is 0 or 7";
}

TEST(CronRule, SaysWhenItNeverMatches) {
    EXPECT_EQ(next("0 0 30 2 *", at(2026, 1, 1, 0, 0)), -1);
}

TEST(CronRule, RefusesWhatIsNoRule) {
    for (const char* text : {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *",
                             "* * * * 8", "5-1 * * * *", "*/0 * * * *", "a * * * *", "1,,2 * * * *", "-1 * * * *"}) {
        const auto parsed = CronRule::parse(text);
        ASSERT_FALSE(parsed.ok()) << text;
        EXPECT_FALSE(parsed.error().message.empty());
    }
}

WorkingCalendar calendar(const std::string& text) {
    auto read = WorkingCalendar::read(config::YamlDocument::parse(text, "calendar.yaml")->root());
    EXPECT_TRUE(read.ok()) << read.error().message;
    return std::move(read).value();
}

TEST(WorkingCalendar, KnowsHolidaysAndWeekendsThatAreWorked) {
    const WorkingCalendar days = calendar("holidays: [\"2026-10-01\", \"2026-10-02\"]\nworkdays: [\"2026-10-10\"]\n");
    EXPECT_FALSE(days.isWorkingDay(sys_days(2026y / 10 / 1)));
    EXPECT_TRUE(days.isWorkingDay(sys_days(2026y / 10 / 10))) << "a Saturday";
    EXPECT_FALSE(days.isWorkingDay(sys_days(2026y / 10 / 11))) << "a Sunday";
    EXPECT_TRUE(days.isWorkingDay(sys_days(2026y / 10 / 12)));
    EXPECT_EQ(next("0 8 * * *", at(2026, 9, 30, 9, 0), &days), at(2026, 10, 5, 8, 0));
}

TEST(WorkingCalendar, NamesTheLineOfAWrongDate) {
    const auto wrong = WorkingCalendar::read(
        config::YamlDocument::parse("holidays: [\"2026-02-30\"]\nworkdays: [\"2026-1-1\"]\nrest: []\n", "c.yaml")
            ->root());
    ASSERT_FALSE(wrong.ok());
    EXPECT_NE(wrong.error().message.find("c.yaml:1:"), std::string::npos);
    EXPECT_NE(wrong.error().message.find("c.yaml:2:"), std::string::npos);
    EXPECT_NE(wrong.error().message.find("c.yaml:3:"), std::string::npos);
}

}  // namespace
}  // namespace yimen::sync
