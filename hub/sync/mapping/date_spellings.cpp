#include "sync/mapping/date_spellings.h"

#include <algorithm>
#include <charconv>

#include "core/ascii.h"
#include "sync/mapping/text_ops.h"

namespace yimen::sync::mapping {

namespace {

constexpr std::int64_t kDaySeconds = 86'400;

}  // namespace

void setTime(DateTime& out, std::int64_t secondOfDay) noexcept {
    out.hour = static_cast<int>(secondOfDay / 3600);
    out.minute = static_cast<int>(secondOfDay / 60 % 60);
    out.second = static_cast<int>(secondOfDay % 60);
}

bool takeNumber(std::string_view& text, int least, int most, int& out) noexcept {
    int count = 0;
    out = 0;
    while (count < most && static_cast<std::size_t>(count) < text.size() &&
           core::isDigit(text[static_cast<std::size_t>(count)])) {
        out = out * 10 + (text[static_cast<std::size_t>(count)] - '0');
        ++count;
    }
    if (count < least) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
    return true;
}

bool takeChar(std::string_view& text, char wanted) noexcept {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

bool takeFraction(std::string_view& text, int& micros) noexcept {
    const std::size_t digits = leadingDigits(text);
    if (digits == 0 || digits > 18) return false;
    micros = 0;
    for (std::size_t i = 0; i < 6; ++i) micros = micros * 10 + (i < digits ? text[i] - '0' : 0);
    text.remove_prefix(digits);
    return true;
}

bool takeZone(std::string_view& text, std::optional<int>& offset) noexcept {
    if (takeChar(text, 'Z')) {
        offset = 0;
        return true;
    }
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    int hours = 0;
    int minutes = 0;
    if (!takeNumber(text, 2, 2, hours)) return false;
    const bool colon = takeChar(text, ':');
    if (!takeNumber(text, 2, 2, minutes) && colon) return false;
    if (hours > 14 || minutes > 59) return false;
    offset = sign * (hours * 3600 + minutes * 60);
    return true;
}

namespace {

bool takeIsoTime(std::string_view& text, DateTime& out) noexcept {
    if (!takeNumber(text, 2, 2, out.hour) || !takeChar(text, ':') || !takeNumber(text, 2, 2, out.minute)) return false;
    if (takeChar(text, ':') && !takeNumber(text, 2, 2, out.second)) return false;
    if ((takeChar(text, '.') || takeChar(text, ',')) && !takeFraction(text, out.micros)) return false;
    if (text.size() > 1 && text.front() == ' ') text.remove_prefix(1);
    return text.empty() || takeZone(text, out.offset);
}

}  // namespace

std::optional<DateTime> parseIso(std::string_view text) noexcept {
    DateTime out;
    if (!takeNumber(text, 4, 4, out.year) || !takeChar(text, '-') || !takeNumber(text, 2, 2, out.month) ||
        !takeChar(text, '-') || !takeNumber(text, 2, 2, out.day)) {
        return std::nullopt;
    }
    if (!text.empty() && !((takeChar(text, 'T') || takeChar(text, ' ')) && takeIsoTime(text, out))) return std::nullopt;
    if (!text.empty() || !out.exists()) return std::nullopt;
    return out;
}

std::optional<DateTime> parseExcel(std::string_view text) noexcept {
    constexpr int kLastDay = 2'958'465;  // 9999-12-31
    int day = 0;
    if (!takeNumber(text, 1, 7, day)) return std::nullopt;
    std::int64_t seconds = 0;
    if (takeChar(text, '.')) {
        const std::size_t digits = leadingDigits(text);
        if (digits == 0 || digits > 18) return std::nullopt;
        std::int64_t part = 0;
        std::int64_t whole = 1;
        for (std::size_t i = 0; i < std::min<std::size_t>(digits, 12); ++i) {
            part = part * 10 + (text[i] - '0');
            whole *= 10;
        }
        seconds = (part * kDaySeconds + whole / 2) / whole;
        text.remove_prefix(digits);
    }
    if (!text.empty() || day < 1 || day == 60 || day > kLastDay) return std::nullopt;
    constexpr std::int64_t kEpoch = -25'569;  // 1899-12-30
    const std::int64_t number = kEpoch + day + (day < 60 ? 1 : 0) + seconds / kDaySeconds;
    DateTime out = dateOfDay(number);
    setTime(out, seconds % kDaySeconds);
    return out.exists() ? std::optional(out) : std::nullopt;
}

std::optional<DateTime> parseUnix(std::string_view text, std::int64_t perSecond) noexcept {
    std::int64_t value = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || rest != text.data() + text.size() || text.empty()) return std::nullopt;
    std::int64_t part = value % perSecond;
    std::int64_t seconds = value / perSecond;
    if (part < 0) {
        part += perSecond;
        --seconds;
    }
    std::int64_t ofDay = seconds % kDaySeconds;
    std::int64_t day = seconds / kDaySeconds;
    if (ofDay < 0) {
        ofDay += kDaySeconds;
        --day;
    }
    constexpr std::int64_t kFirstDay = -719'162;  // 0001-01-01
    constexpr std::int64_t kLastDay = 2'932'896;  // 9999-12-31
    if (day < kFirstDay || day > kLastDay) return std::nullopt;
    DateTime out = dateOfDay(day);
    setTime(out, ofDay);
    out.micros = static_cast<int>(part * (1'000'000 / perSecond));
    out.offset = 0;
    return out;
}

}  // namespace yimen::sync::mapping
