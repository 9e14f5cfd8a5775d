#include <array>

#include "core/ascii.h"
#include "policy/matchers/matchers.h"
#include "policy/matchers/words.h"

namespace yimen::policy::matchers {
namespace {

constexpr int kDayMinutes = 24 * 60;
constexpr int kWeekMinutes = 7 * kDayMinutes;
constexpr unsigned kEveryDay = 0x7F;

struct Day {
    std::string_view word;
    const char* zh;
    const char* en;
};
constexpr std::array<Day, 7> kDays{{{"mon", "周一", "Mon"},
                                    {"tue", "周二", "Tue"},
                                    {"wed", "周三", "Wed"},
                                    {"thu", "周四", "Thu"},
                                    {"fri", "周五", "Fri"},
                                    {"sat", "周六", "Sat"},
                                    {"sun", "周日", "Sun"}}};

std::string clockText(int minute) {
    const auto two = [](int number) { return std::string(number < 10 ? "0" : "") + std::to_string(number); };
    return two(minute / 60) + ":" + two(minute % 60);
}

/// Minutes since Monday 00:00 of the site.
int minuteOfWeek(core::WallTime time, int utcOffsetMinutes) noexcept {
    constexpr int kThursday = 3 * kDayMinutes;  // 1970-01-01
    const std::int64_t minutes = core::toUnixSeconds(time) / 60 + utcOffsetMinutes + kThursday;
    return static_cast<int>(((minutes % kWeekMinutes) + kWeekMinutes) % kWeekMinutes);
}

/// A part of the day on certain days of the week.
class TimeWindow final : public Condition {
public:
    unsigned days = kEveryDay;  ///< bit 0: Monday
    int from = 0;
    int to = kDayMinutes;
    int utcOffsetMinutes = 0;

    Truth holds(const Query& query) const noexcept override {
        if (query.environment == nullptr) return Truth::kUnknown;
        return truthOf(includes(query.environment->time));
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        Wording have{"未知", "unknown"};
        if (query.environment != nullptr) have = moment(query.environment->time);
        out.push_back({{"时间", "time"}, have, needOf({window()}, wanted)});
    }
    void propose(const Query& query, bool wanted, std::vector<Change>& out) const override {
        if (query.environment == nullptr) return;
        for (int ahead = 1; ahead <= kWeekMinutes; ++ahead) {
            const core::WallTime time = query.environment->time + std::chrono::minutes(ahead);
            if (includes(time) != wanted) continue;
            Change change;
            change.kind = ChangeKind::kTime;
            change.time = time;
            const Wording when = moment(time);
            change.words = {"等到" + when.zh + "再访问", "come back on " + when.en};
            out.push_back(std::move(change));
            return;
        }
    }
    std::string fingerprint() const override {
        return "time=" + std::to_string(days) + " " + clockText(from) + "-" + clockText(to);
    }

private:
    bool includes(core::WallTime time) const noexcept {
        const int minute = minuteOfWeek(time, utcOffsetMinutes);
        const auto day = static_cast<unsigned>(minute / kDayMinutes);
        const int clock = minute % kDayMinutes;
        if (from < to) return onDay(day) && clock >= from && clock < to;
        // Past midnight: the second part belongs to the day before.
        return (onDay(day) && clock >= from) || (onDay((day + 6) % 7) && clock < to);
    }
    bool onDay(unsigned day) const noexcept { return ((days >> day) & 1U) != 0; }
    Wording moment(core::WallTime time) const {
        const int minute = minuteOfWeek(time, utcOffsetMinutes);
        const Day& day = kDays[static_cast<std::size_t>(minute / kDayMinutes)];
        const std::string clock = clockText(minute % kDayMinutes);
        return {std::string(day.zh) + " " + clock, std::string(day.en) + " " + clock};
    }
    Wording window() const {
        std::vector<Wording> names;
        for (std::size_t i = 0; i < kDays.size(); ++i) {
            if (onDay(static_cast<unsigned>(i))) names.push_back({kDays[i].zh, kDays[i].en});
        }
        const Wording named = days == kEveryDay ? Wording{"每天", "daily"} : joinWordings(names);
        const std::string hours = " " + clockText(from) + "–" + clockText(to);
        return {named.zh + hours, named.en + hours};
    }
};

/// "08:30" -> 510; "24:00" is the end of the day. -1 for anything else.
int readClock(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return -1;
    for (const std::size_t i : {0U, 1U, 3U, 4U}) {
        if (!core::isDigit(text[i])) return -1;
    }
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    const int total = hour * 60 + minute;
    return minute > 59 || total > kDayMinutes ? -1 : total;
}

unsigned readDays(const config::YamlNode& node, ReadContext& context) {
    unsigned days = 0;
    for (const std::string& word : readWords(node, context)) {
        unsigned bit = 0;
        for (std::size_t i = 0; i < kDays.size(); ++i) {
            if (kDays[i].word == word) bit = 1U << i;
        }
        if (bit == 0) context.errors.add(node.error("\"" + word + "\" is no day: mon tue wed thu fri sat sun"));
        days |= bit;
    }
    return days;
}

}  // namespace

ConditionPtr readTime(const config::YamlNode& node, ReadContext& context) {
    auto window = std::make_unique<TimeWindow>();
    config::MapReader map(node, context.errors);
    if (const auto days = map.child("days")) window->days = readDays(*days, context);
    const auto clock = [&](const char* key, const char* fallback) {
        const int minute = readClock(map.text(key, fallback));
        if (minute < 0) map.complain(key, "must be a time such as \"08:30\"");
        return minute;
    };
    window->from = clock("from", "00:00");
    window->to = clock("to", "24:00");
    if (window->from == window->to) map.complain("to", "`from` and `to` are the same: the window is empty");
    window->utcOffsetMinutes = context.site.utcOffsetMinutes;
    map.finish();
    return window;
}

}  // namespace yimen::policy::matchers
