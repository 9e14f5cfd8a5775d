#include "sync/runner/calendar.h"

#include <array>
#include <charconv>
#include <string_view>

#include "core/time_format.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using std::chrono::sys_days;

std::optional<unsigned> number(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

struct CronField {
    const char* name;
    unsigned min;
    unsigned max;
};

core::Error wrong(std::string_view text, const CronField& field) {
    return core::makeError(ErrorCode::kInvalidInput, "cron 字段无效 / '" + std::string(text) + "' is no " + field.name +
                                                         " (" + std::to_string(field.min) + " to " +
                                                         std::to_string(field.max) + ", *, a-b, a,b, */n)");
}

/// One element of a list: "*", "5", "1-5", "*/15", "10-40/10".
core::Result<std::uint64_t> element(std::string_view text, const CronField& field) {
    unsigned step = 1;
    std::string_view range = text;
    if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
        const auto parsed = number(text.substr(slash + 1));
        if (!parsed || *parsed == 0 || *parsed > field.max) return wrong(text, field);
        step = *parsed;
        range = text.substr(0, slash);
    }
    unsigned from = field.min;
    unsigned to = field.max;
    if (range != "*") {
        const std::size_t dash = range.find('-');
        const auto first = number(range.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : number(range.substr(dash + 1));
        if (!first || !last || *first < field.min || *last > field.max || *first > *last) return wrong(text, field);
        from = *first;
        to = dash == std::string_view::npos && step > 1 ? field.max : *last;
    }
    std::uint64_t bits = 0;
    for (unsigned i = from; i <= to; i += step) bits |= std::uint64_t{1} << i;
    return bits;
}

core::Result<std::uint64_t> field(std::string_view text, const CronField& of) {
    std::uint64_t bits = 0;
    while (true) {
        const std::size_t comma = text.find(',');
        YIMEN_TRY(const std::uint64_t some, element(text.substr(0, comma), of));
        bits |= some;
        if (comma == std::string_view::npos) return bits;
        text.remove_prefix(comma + 1);
    }
}

bool has(std::uint64_t bits, unsigned value) {
    return (bits >> value & 1U) != 0;
}

}  // namespace

core::Result<WorkingCalendar> WorkingCalendar::load(const std::string& path) {
    YIMEN_TRY(const auto document, config::YamlDocument::load(path));
    return read(document.root());
}

core::Result<WorkingCalendar> WorkingCalendar::read(const config::YamlNode& root) {
    config::YamlErrors errors;
    config::MapReader map(root, errors);
    WorkingCalendar out;
    const auto dates = [&](std::string_view key, std::set<sys_days>& into, const std::set<sys_days>& other) {
        const auto list = map.child(key);
        if (!list) return;
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto text = list->at(i).text();
            const auto parsed = text.ok() ? core::parseDate(*text) : core::Result<core::WallTime>(text.error());
            if (!parsed.ok()) {
                errors.add(list->at(i).error("a date is written 2026-10-01"));
                continue;
            }
            const auto day = std::chrono::floor<std::chrono::days>(*parsed);
            if (other.contains(day)) {
                errors.add(list->at(i).error("the day is a holiday and a workday at once"));
            } else {
                into.insert(day);
            }
        }
    };
    dates("holidays", out.holidays_, {});
    dates("workdays", out.workdays_, out.holidays_);
    map.finish();
    YIMEN_TRY_STATUS(errors.status());
    return out;
}

bool WorkingCalendar::isWorkingDay(sys_days day) const {
    if (holidays_.contains(day)) return false;
    if (workdays_.contains(day)) return true;
    const unsigned weekday = std::chrono::weekday(day).iso_encoding();
    return weekday <= 5;
}

core::Result<CronRule> CronRule::parse(std::string_view text) {
    std::array<std::string_view, 5> parts;
    std::size_t count = 0;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::string_view part = text.substr(0, space);
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
        if (part.empty()) continue;
        if (count == parts.size())
            return core::makeError(ErrorCode::kInvalidInput, "cron 有五个字段 / cron has five fields");
        parts[count++] = part;
    }
    if (count != parts.size())
        return core::makeError(ErrorCode::kInvalidInput, "cron 有五个字段 / cron has five fields");
    CronRule rule;
    YIMEN_TRY(rule.minutes_, field(parts[0], {"minute", 0, 59}));
    YIMEN_TRY(rule.hours_, field(parts[1], {"hour", 0, 23}));
    YIMEN_TRY(rule.days_, field(parts[2], {"day of the month", 1, 31}));
    YIMEN_TRY(rule.months_, field(parts[3], {"month", 1, 12}));
    YIMEN_TRY(rule.weekdays_, field(parts[4], {"day of the week", 0, 7}));
    if (has(rule.weekdays_, 7)) rule.weekdays_ |= 1;
    rule.anyDay_ = parts[2].starts_with('*');
    rule.anyWeekday_ = parts[4].starts_with('*');
    return rule;
}

bool CronRule::matchesDay(sys_days day) const {
    const std::chrono::year_month_day date(day);
    if (!has(months_, static_cast<unsigned>(date.month()))) return false;
    const bool inMonth = has(days_, static_cast<unsigned>(date.day()));
    const bool inWeek = has(weekdays_, std::chrono::weekday(day).c_encoding());
    return anyDay_ || anyWeekday_ ? inMonth && inWeek : inMonth || inWeek;
}

std::optional<std::int64_t> CronRule::next(std::int64_t after, const WorkingCalendar* calendar) const {
    using namespace std::chrono;
    const auto local = sys_time<milliseconds>(milliseconds(after)) + kDistrictOffset;
    const auto from = floor<minutes>(local) + minutes(1);
    sys_days date = floor<days>(from);
    const sys_days last = date + days(5 * 366);
    auto minute = static_cast<unsigned>((from - date).count());
    for (; date < last; date += days(1), minute = 0) {
        if (!matchesDay(date) || (calendar != nullptr && !calendar->isWorkingDay(date))) continue;
        for (; minute < 24 * 60; ++minute) {
            if (has(hours_, minute / 60) && has(minutes_, minute % 60)) {
                return duration_cast<milliseconds>((date + minutes(minute) - kDistrictOffset).time_since_epoch())
                    .count();
            }
        }
    }
    return std::nullopt;
}

}  // namespace yimen::sync
