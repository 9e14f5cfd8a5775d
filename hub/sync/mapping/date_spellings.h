#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sync/mapping/dates.h"

namespace yimen::sync::mapping {

/// Parts of dates taken from the front of a text, and the spellings that have a name. Any thread. Each take...()
/// removes what it read; when it gives false, the text may be shorter already.

/// Reads `least` to `most` digits.
bool takeNumber(std::string_view& text, int least, int most, int& out) noexcept;
bool takeChar(std::string_view& text, char wanted) noexcept;
/// A fraction of a second; digits after the sixth are cut.
bool takeFraction(std::string_view& text, int& micros) noexcept;
/// Z, +08:00, +0800 or +08, as seconds east of UTC.
bool takeZone(std::string_view& text, std::optional<int>& offset) noexcept;

/// Sets hour, minute and second.
void setTime(DateTime& out, std::int64_t secondOfDay) noexcept;

/// RFC 3339 and ISO 8601, as databases write them.
std::optional<DateTime> parseIso(std::string_view text) noexcept;
/// Day 1 is 1900-01-01. Excel holds 1900 for a leap year, so 60 is the 29 February that never was and later days are
/// one ahead. The fraction is the time of day, to the nearest second.
std::optional<DateTime> parseExcel(std::string_view text) noexcept;
/// A count since 1970 of which `perSecond` are a second.
std::optional<DateTime> parseUnix(std::string_view text, std::int64_t perSecond) noexcept;

}  // namespace yimen::sync::mapping
