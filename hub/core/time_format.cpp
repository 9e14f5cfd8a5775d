#include "core/time_format.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace yimen::core {

namespace {

struct Parts {
    std::chrono::year_month_day date;
    std::chrono::hh_mm_ss<std::chrono::microseconds> time;
    std::chrono::weekday weekday;
};

Parts split(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<std::chrono::microseconds>(time - day),
            std::chrono::weekday(day)};
}

template <typename... Args>
std::string print(const char* format, Args... args) {
    std::array<char, 64> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, args...);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

bool readNumber(std::string_view text, int& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string formatUtc(WallTime time) {
    const Parts parts = split(time);
    return print("%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(parts.date.year()),
                 static_cast<unsigned>(parts.date.month()), static_cast<unsigned>(parts.date.day()),
                 static_cast<int>(parts.time.hours().count()), static_cast<int>(parts.time.minutes().count()),
                 static_cast<int>(parts.time.seconds().count()), static_cast<int>(parts.time.subseconds().count()));
}

std::string formatHttpDate(WallTime time) {
    constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Parts parts = split(time);
    return print("%s, %02u %s %04d %02d:%02d:%02d GMT", kDays.at(parts.weekday.c_encoding()),
                 static_cast<unsigned>(parts.date.day()), kMonths.at(static_cast<unsigned>(parts.date.month()) - 1),
                 static_cast<int>(parts.date.year()), static_cast<int>(parts.time.hours().count()),
                 static_cast<int>(parts.time.minutes().count()), static_cast<int>(parts.time.seconds().count()));
}

std::string formatDate(WallTime time) {
    return formatUtc(time).substr(0, 10);
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
