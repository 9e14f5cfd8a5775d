#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sync/mapping/text_arena.h"

namespace yimen::sync::mapping {

/// A moment as a text spells it. A value.
struct DateTime {
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int micros = 0;
    std::optional<int> offset;  ///< seconds east of UTC, when the text says so

    /// A day of the Gregorian calendar in the years 1 to 9999, and a time of that day.
    bool exists() const noexcept;
};
int daysInMonth(int year, int month) noexcept;
/// Days since 1970-01-01.
std::int64_t dayNumber(int year, int month, int day) noexcept;
/// The date of a day number.
DateTime dateOfDay(std::int64_t day) noexcept;

/// One spelling of the declarations. Letters as in Java and CLDR: yyyy, MM or M, dd or d, HH or H, mm or m, ss or s, S
/// (a fraction of any length), Z (a zone: Z, +08:00, +0800); 'text' and all that is no letter stand for themselves. The
/// doubled form wants two digits, the single one takes one or two. Or a name: iso, excel (serial numbers of the 1900
/// system, where 60 is a day that never was), unix, unix_ms. Immutable; any thread.
class DateFormat {
public:
    static core::Result<DateFormat> compile(std::string_view spelling);
    /// The spellings of RFC 3339 and ISO 8601 that databases write; what holds where none is declared.
    static DateFormat iso();
    /// Nothing when the text is spelled otherwise or names a moment that does not exist.
    std::optional<DateTime> parse(std::string_view text) const noexcept;

private:
    enum class Kind { kPattern, kIso, kExcel, kUnix, kUnixMillis };
    struct Token {
        char letter = 0;  ///< 0: literal
        int least = 1;
        int most = 1;
        char literal = 0;
    };
    core::Status addLetters(char letter, std::size_t count);

    Kind kind_ = Kind::kPattern;
    std::vector<Token> tokens_;
};

/// "Asia/Shanghai", "UTC", "Z" or "+08:00" as seconds east of UTC. China has had one zone without summer time since
/// 1992; older summer times are read as standard time.
std::optional<int> zoneOffset(std::string_view zone) noexcept;

/// What a field wants of its dates.
struct DateRule {
    std::vector<DateFormat> formats;  ///< tried in order
    int zone = 8 * 3600;              ///< of texts without one, and of the answer
    bool withTime = false;
};
/// 2026-06-30, or with time 2026-06-30T08:00:00+08:00 (a fraction of up to six digits when it is not zero). A null cell
/// when no spelling fits. The text itself when it is canonical.
CellText canonicalDate(std::string_view text, const DateRule& rule, TextArena& arena);

}  // namespace yimen::sync::mapping
