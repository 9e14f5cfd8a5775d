#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace yimen::sync {

/// How a system writes the times it is asked with.
struct TimeStyle {
    /// "iso" (2026-06-30T08:00:00+08:00), "unix", "unix_ms", or a pattern of yyyy MM dd HH mm ss SSS and other
    /// characters.
    std::string pattern = "iso";
    std::chrono::minutes zone{8 * 60};  ///< east of Greenwich; the country has one zone and no summer time
};

/// Any thread.
std::string formatTime(core::WallTime time, const TimeStyle& style);
/// "Asia/Shanghai", "UTC" or "+08:00".
std::optional<std::chrono::minutes> zoneOffset(std::string_view name) noexcept;

}  // namespace yimen::sync
