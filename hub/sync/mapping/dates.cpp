#include "sync/mapping/dates.h"

#include <algorithm>
#include <charconv>

#include "core/ascii.h"
#include "sync/mapping/text_ops.h"

namespace yimen::sync::mapping {

namespace {

constexpr std::int64_t kDaySeconds = 86'400;

/// Reads `least` to `most` digits from the front of `text`.
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

/// A fraction of a second; digits after the sixth are cut.
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

bool takeIsoTime(std::string_view& text, DateTime& out) noexcept {
    if (!takeNumber(text, 2, 2, out.hour) || !takeChar(text, ':') || !takeNumber(text, 2, 2, out.minute)) return false;
    if (takeChar(text, ':') && !takeNumber(text, 2, 2, out.second)) return false;
    if ((takeChar(text, '.') || takeChar(text, ',')) && !takeFraction(text, out.micros)) return false;
    if (text.size() > 1 && text.front() == ' ') text.remove_prefix(1);
    return text.empty() || takeZone(text, out.offset);
}

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

void setTime(DateTime& out, std::int64_t secondOfDay) noexcept {
    out.hour = static_cast<int>(secondOfDay / 3600);
    out.minute = static_cast<int>(secondOfDay / 60 % 60);
    out.second = static_cast<int>(secondOfDay % 60);
}

/// Day 1 is 1900-01-01. Excel holds 1900 for a leap year, so 60 is the 29 February that never was and later days are
/// one ahead. The fraction is the time of day, to the nearest second.
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

char* writeNumber(char* out, int value, int width) noexcept {
    for (int i = width - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
    return out + width;
}

char* writeDay(char* out, const DateTime& at) noexcept {
    out = writeNumber(out, at.year, 4);
    *out++ = '-';
    out = writeNumber(out, at.month, 2);
    *out++ = '-';
    return writeNumber(out, at.day, 2);
}

char* writeTime(char* out, const DateTime& at, int zone) noexcept {
    *out++ = 'T';
    out = writeNumber(out, at.hour, 2);
    *out++ = ':';
    out = writeNumber(out, at.minute, 2);
    *out++ = ':';
    out = writeNumber(out, at.second, 2);
    if (at.micros != 0) {
        *out++ = '.';
        out = writeNumber(out, at.micros, 6);
        while (out[-1] == '0') --out;
    }
    const int minutes = std::abs(zone) / 60;
    *out++ = zone < 0 ? '-' : '+';
    out = writeNumber(out, minutes / 60, 2);
    *out++ = ':';
    return writeNumber(out, minutes % 60, 2);
}

/// The same moment on the clocks of another zone.
void moveTo(DateTime& at, int zone) noexcept {
    const std::int64_t shift = zone - at.offset.value_or(zone);
    if (shift == 0) return;
    std::int64_t seconds = at.hour * 3600 + at.minute * 60 + at.second + shift;
    std::int64_t day = dayNumber(at.year, at.month, at.day);
    while (seconds < 0) {
        seconds += kDaySeconds;
        --day;
    }
    day += seconds / kDaySeconds;
    const int micros = at.micros;
    at = dateOfDay(day);
    setTime(at, seconds % kDaySeconds);
    at.micros = micros;
}

}  // namespace

int daysInMonth(int year, int month) noexcept {
    if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool DateTime::exists() const noexcept {
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) &&
           hour <= 23 && minute <= 59 && second <= 59;
}

// Both after H. Hinnant, "chrono-compatible low-level date algorithms": eras of 400 years that begin in March.
std::int64_t dayNumber(int year, int month, int day) noexcept {
    const int y = month <= 2 ? year - 1 : year;
    const int era = (y >= 0 ? y : y - 399) / 400;
    const int yearOfEra = y - era * 400;
    const int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return static_cast<std::int64_t>(era) * 146'097 + dayOfEra - 719'468;
}

DateTime dateOfDay(std::int64_t day) noexcept {
    const std::int64_t z = day + 719'468;
    const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
    const int dayOfEra = static_cast<int>(z - era * 146'097);
    const int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const int shifted = (5 * dayOfYear + 2) / 153;
    DateTime out;
    out.day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    out.month = shifted < 10 ? shifted + 3 : shifted - 9;
    out.year = static_cast<int>(era) * 400 + yearOfEra + (out.month <= 2 ? 1 : 0);
    return out;
}

DateFormat DateFormat::iso() {
    DateFormat out;
    out.kind_ = Kind::kIso;
    return out;
}

core::Status DateFormat::addLetters(char letter, std::size_t count) {
    const std::string word(count, letter);
    const bool single = count == 1;
    if (letter == 'y' && count == 4) {
        tokens_.push_back({letter, 4, 4, 0});
    } else if (std::string_view("MdHms").find(letter) != std::string_view::npos && count <= 2) {
        tokens_.push_back({letter, single ? 1 : 2, 2, 0});
    } else if (letter == 'S' || (letter == 'Z' && single)) {
        tokens_.push_back({letter, 1, 1, 0});
    } else if (letter == 'T' && single) {
        tokens_.push_back({0, 1, 1, letter});
    } else {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "'" + word +
                                   "' is no part of a date: yyyy, MM or M, dd or d, HH or H, mm or m, ss or s, S, " +
                                   "Z; or write iso, excel, unix, unix_ms");
    }
    return {};
}

core::Result<DateFormat> DateFormat::compile(std::string_view spelling) {
    DateFormat out;
    const std::pair<std::string_view, Kind> names[] = {
        {"iso", Kind::kIso}, {"excel", Kind::kExcel}, {"unix", Kind::kUnix}, {"unix_ms", Kind::kUnixMillis}};
    for (const auto& [name, kind] : names) {
        if (name != spelling) continue;
        out.kind_ = kind;
        return out;
    }
    bool quoted = false;
    for (std::size_t i = 0; i < spelling.size();) {
        const char c = spelling[i];
        if (c == '\'') quoted = !quoted;
        if (c == '\'' || quoted || !core::isAlpha(c)) {
            if (c != '\'') out.tokens_.push_back({0, 1, 1, c});
            ++i;
            continue;
        }
        const std::size_t end = std::min(spelling.find_first_not_of(c, i), spelling.size());
        YIMEN_TRY_STATUS(out.addLetters(c, end - i));
        i = end;
    }
    const auto has = [&](char letter) {
        return std::any_of(out.tokens_.begin(), out.tokens_.end(), [&](const Token& t) { return t.letter == letter; });
    };
    if (quoted || !has('y') || !has('M') || !has('d')) {
        return core::makeError(core::ErrorCode::kInvalidInput, "a spelling of dates needs yyyy, M and d: yyyy-MM-dd");
    }
    return out;
}

std::optional<DateTime> DateFormat::parse(std::string_view text) const noexcept {
    if (kind_ == Kind::kIso) return parseIso(text);
    if (kind_ == Kind::kExcel) return parseExcel(text);
    if (kind_ != Kind::kPattern) return parseUnix(text, kind_ == Kind::kUnix ? 1 : 1000);
    DateTime out;
    for (const Token& token : tokens_) {
        bool taken = false;
        switch (token.letter) {
            case 'y':
                taken = takeNumber(text, token.least, token.most, out.year);
                break;
            case 'M':
                taken = takeNumber(text, token.least, token.most, out.month);
                break;
            case 'd':
                taken = takeNumber(text, token.least, token.most, out.day);
                break;
            case 'H':
                taken = takeNumber(text, token.least, token.most, out.hour);
                break;
            case 'm':
                taken = takeNumber(text, token.least, token.most, out.minute);
                break;
            case 's':
                taken = takeNumber(text, token.least, token.most, out.second);
                break;
            case 'S':
                taken = takeFraction(text, out.micros);
                break;
            case 'Z':
                taken = takeZone(text, out.offset);
                break;
            default:
                taken = takeChar(text, token.literal);
        }
        if (!taken) return std::nullopt;
    }
    return text.empty() && out.exists() ? std::optional(out) : std::nullopt;
}

std::optional<int> zoneOffset(std::string_view zone) noexcept {
    if (zone == "Asia/Shanghai" || zone == "Asia/Chongqing" || zone == "PRC") return 8 * 3600;
    if (zone == "UTC") return 0;
    std::optional<int> out;
    if (!takeZone(zone, out) || !zone.empty()) return std::nullopt;
    return out;
}

CellText canonicalDate(std::string_view text, const DateRule& rule, TextArena& arena) {
    for (const DateFormat& format : rule.formats) {
        auto at = format.parse(text);
        if (!at) continue;
        moveTo(*at, rule.zone);
        if (!at->exists()) return kNullCell;
        constexpr std::size_t kLongest = 32;
        char* const begin = arena.room(kLongest);
        char* end = writeDay(begin, *at);
        if (rule.withTime) end = writeTime(end, *at, rule.zone);
        const std::string_view made(begin, static_cast<std::size_t>(end - begin));
        return made == text ? text : arena.commit(made.size());
    }
    return kNullCell;
}

}  // namespace yimen::sync::mapping
