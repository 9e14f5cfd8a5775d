#include "sync/mapping/dates.h"

#include <algorithm>

#include "core/ascii.h"
#include "sync/mapping/date_spellings.h"

namespace yimen::sync::mapping {

namespace {

constexpr std::int64_t kDaySeconds = 86'400;

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
