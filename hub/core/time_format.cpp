#include "core/time_format.h"

#include <array>
#include <charconv>

namespace yimen::core {

namespace {

struct Parts {
    std::chrono::year_month_day date{};
    std::chrono::hh_mm_ss<std::chrono::microseconds> time;
    std::chrono::weekday weekday{};
};

Parts split(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<std::chrono::microseconds>(time - day),
            std::chrono::weekday(day)};
}

/// Appends a number with leading zeros up to `width` digits.
void pad(std::string& out, std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    out.append(width > digits.size() ? width - digits.size() : 0, '0');
    out += digits;
}

void appendClock(std::string& out, const Parts& parts) {
    pad(out, parts.time.hours().count(), 2);
    out += ':';
    pad(out, parts.time.minutes().count(), 2);
    out += ':';
    pad(out, parts.time.seconds().count(), 2);
}

bool readNumber(std::string_view text, int& out) {
    if (text.empty() || text[0] == '-') return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string formatDate(WallTime time) {
    const Parts parts = split(time);
    std::string out;
    pad(out, static_cast<int>(parts.date.year()), 4);
    out += '-';
    pad(out, static_cast<unsigned>(parts.date.month()), 2);
    out += '-';
    pad(out, static_cast<unsigned>(parts.date.day()), 2);
    return out;
}

std::string formatUtc(WallTime time) {
    const Parts parts = split(time);
    std::string out = formatDate(time);
    out += 'T';
    appendClock(out, parts);
    out += '.';
    pad(out, parts.time.subseconds().count(), 6);
    out += 'Z';
    return out;
}

std::string formatHttpDate(WallTime time) {
    constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Parts parts = split(time);
    std::string out = kDays.at(parts.weekday.c_encoding());
    out += ", ";
    pad(out, static_cast<unsigned>(parts.date.day()), 2);
    out += ' ';
    out += kMonths.at(static_cast<unsigned>(parts.date.month()) - 1);
    out += ' ';
    pad(out, static_cast<int>(parts.date.year()), 4);
    out += ' ';
    appendClock(out, parts);
    out += " GMT";
    return out;
}

Result<WallTime> parseDate(std::string_view text) {
    const auto bad = [&] {
        return makeError(ErrorCode::kInvalidInput, "'" + std::string(text) + "' is not a date; write YYYY-MM-DD");
    };
    int year = 0;
    int month = 0;
    int day = 0;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !readNumber(text.substr(0, 4), year) ||
        !readNumber(text.substr(5, 2), month) || !readNumber(text.substr(8, 2), day)) {
        return bad();
    }
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return bad();
    return WallTime(std::chrono::sys_days(date));
}

}  // namespace yimen::core
