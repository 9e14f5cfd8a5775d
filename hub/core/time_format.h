#pragma once

#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace yimen::core {

/// "2026-11-21T10:42:05.123456Z" (RFC 3339). Any thread.
std::string formatUtc(WallTime time);
/// "Sat, 21 Nov 2026 10:42:05 GMT" (RFC 9110 section 5.6.7, IMF-fixdate).
std::string formatHttpDate(WallTime time);
/// Reads "YYYY-MM-DD" as that day's midnight UTC; refuses days that do not exist.
Result<WallTime> parseDate(std::string_view text);
/// "2026-11-21"
std::string formatDate(WallTime time);

}  // namespace yimen::core
