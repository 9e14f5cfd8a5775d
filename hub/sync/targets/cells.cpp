#include "sync/targets/cells.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "core/unicode.h"

namespace yimen::sync {

namespace {

constexpr std::size_t kMaxDecimalDigits = 1000;
constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kDistrictOffset = 8 * 3600;

bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Fixed number of digits as a number; -1 when one is none.
int number(std::string_view text, std::size_t at, std::size_t digits) noexcept {
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (i >= text.size() || !isDigit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool is(std::string_view text, std::size_t at, char c) noexcept {
    return at < text.size() && text[at] == c;
}

std::optional<std::int64_t> secondsOfDay(std::string_view text) noexcept {
    const int hour = number(text, 0, 2);
    const int minute = number(text, 3, 2);
    const int second = number(text, 6, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
    if (!is(text, 2, ':') || !is(text, 5, ':')) return std::nullopt;
    return hour * 3600 + minute * 60 + second;
}

/// "Z" or "+08:00" in seconds east.
std::optional<std::int64_t> offsetOf(std::string_view text) noexcept {
    if (text == "Z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
    const int hours = number(text, 1, 2);
    const int minutes = number(text, 4, 2);
    if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return std::nullopt;
    const std::int64_t seconds = hours * 3600 + minutes * 60;
    return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

std::optional<std::int64_t> integerOf(std::string_view text) noexcept {
    const std::string_view digits = is(text, 0, '-') ? text.substr(1) : text;
    if (digits.empty() || (digits[0] == '0' && text != "0")) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool isDecimal(std::string_view text) noexcept {
    const std::string_view digits = is(text, 0, '-') ? text.substr(1) : text;
    if (digits.empty() || digits.size() > kMaxDecimalDigits) return false;
    std::size_t point = 0;
    bool zero = true;
    while (point < digits.size() && isDigit(digits[point])) {
        zero = zero && digits[point] == '0';
        ++point;
    }
    if (point == 0 || (point > 1 && digits[0] == '0')) return false;
    if (point < digits.size()) {
        if (digits[point] != '.' || point + 1 == digits.size()) return false;
        for (std::size_t i = point + 1; i < digits.size(); ++i) {
            if (!isDigit(digits[i])) return false;
            zero = zero && digits[i] == '0';
        }
    }
    return !zero || digits.size() == text.size();  // there is no negative zero
}

std::optional<std::int32_t> dateOf(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int year = number(text, 0, 4);
    const int month = number(text, 5, 2);
    const int day = number(text, 8, 2);
    if (year < 1 || month < 1 || day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::optional<std::int64_t> instantOf(std::string_view text) noexcept {
    if (text.size() < 20 || text[10] != 'T') return std::nullopt;
    const auto days = dateOf(text.substr(0, 10));
    const auto seconds = secondsOfDay(text.substr(11, 8));
    if (!days || !seconds) return std::nullopt;
    std::size_t at = 19;
    std::int64_t fraction = 0;
    if (text[at] == '.') {
        std::int64_t unit = kMicros;
        for (++at; at < text.size() && isDigit(text[at]) && unit > 1; ++at) {
            unit /= 10;
            fraction += unit * (text[at] - '0');
        }
        if (at == 20) return std::nullopt;
    }
    const auto offset = offsetOf(text.substr(at));
    if (!offset) return std::nullopt;
    const std::int64_t micros = ((*days * std::int64_t{86400}) + *seconds - *offset) * kMicros + fraction;
    // Not before or after the years that four digits can show in the district's time.
    constexpr std::int64_t kFirst = (-719162LL * 86400 - kDistrictOffset) * kMicros;
    constexpr std::int64_t kBehindLast = (2932897LL * 86400 - kDistrictOffset) * kMicros;
    if (micros < kFirst || micros >= kBehindLast) return std::nullopt;
    return micros;
}

std::string instantText(std::int64_t micros) {
    const std::chrono::sys_time<std::chrono::microseconds> local{
        std::chrono::microseconds(micros + kDistrictOffset * kMicros)};
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date(day);
    const std::int64_t inDay = (local - day).count();
    std::array<char, 64> out{};
    const int second = static_cast<int>(inDay / kMicros);
    int length = std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                               static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), second / 3600,
                               second / 60 % 60, second % 60);
    std::string text(out.data(), static_cast<std::size_t>(length));
    if (inDay % kMicros != 0) {
        length = std::snprintf(out.data(), out.size(), ".%06d", static_cast<int>(inDay % kMicros));
        text.append(out.data(), static_cast<std::size_t>(length));
        while (text.back() == '0') text.pop_back();
    }
    return text + "+08:00";
}

bool isStorableText(std::string_view text) noexcept {
    return text.find('\0') == std::string_view::npos && core::isValidUtf8(text);
}

const char* wrongWith(FieldType type, std::string_view text, bool checkText) noexcept {
    switch (type) {
        case FieldType::kInteger:
            return integerOf(text) ? nullptr : "not a whole number within 64 bits";
        case FieldType::kDecimal:
            return isDecimal(text) ? nullptr : "not a decimal number of at most 1000 digits in its shortest form";
        case FieldType::kBoolean:
            return text == "true" || text == "false" ? nullptr : "neither true nor false";
        case FieldType::kDate:
            return dateOf(text) ? nullptr : "not a day of the calendar written YYYY-MM-DD";
        case FieldType::kDateTime:
            return instantOf(text) ? nullptr : "not a time written YYYY-MM-DDThh:mm:ss[.ffffff]+hh:mm";
        case FieldType::kText:
        case FieldType::kJson:
            break;
    }
    return !checkText || isStorableText(text) ? nullptr : "not UTF-8, or it holds a character U+0000";
}

}  // namespace yimen::sync
