#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class TimeMatcherTest : public MatchersTest {};

TEST_F(TimeMatcherTest, TimeKnowsDaysHoursAndMidnight) {
    const auto at = [](const char* day, int hour, int minute) {
        Question question;
        const int days = std::string_view(day) == "sat" ? 0 : std::string_view(day) == "sun" ? 1 : 2;
        // 2026-11-21 is a Saturday; the site is eight hours ahead of UTC.
        question.environment.time =
            core::fromUnixSeconds(1795219200) + std::chrono::hours(24 * days + hour - 8) + std::chrono::minutes(minute);
        return question;
    };
    EXPECT_TRUE(allows("{time: {days: [sat], from: \"08:30\", to: \"17:30\"}}", at("sat", 8, 30)));
    EXPECT_FALSE(allows("{time: {days: [sat], from: \"08:30\", to: \"17:30\"}}", at("sat", 17, 30)));
    EXPECT_EQ(change_, ChangeKind::kTime);
    EXPECT_FALSE(allows("{time: {days: [mon, tue]}}", at("sun", 12, 0)));
    EXPECT_TRUE(allows("{time: {days: [sat], from: \"22:00\", to: \"06:00\"}}", at("sat", 23, 0)));
    EXPECT_TRUE(allows("{time: {days: [sat], from: \"22:00\", to: \"06:00\"}}", at("sun", 5, 59)));
    EXPECT_FALSE(allows("{time: {days: [sat], from: \"22:00\", to: \"06:00\"}}", at("sat", 5, 0)));
    EXPECT_FALSE(allows("{time: {days: [sat], from: \"22:00\", to: \"06:00\"}}", at("sun", 23, 0)));
}

}  // namespace
}  // namespace yimen::policy
