#include "sync/sources/http_time.h"

#include <array>
#include <cstdio>

#include "core/ascii.h"

namespace yimen::sync {

namespace {

std::string padded(long long value, int width) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%0*lld", width, value);
    return text.data();
}

std::string offsetText(std::chrono::minutes zone) {
    const long long minutes = zone.count() < 0 ? -zone.count() : zone.count();
    return (zone.count() < 0 ? "-" : "+") + padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2);
}

}  // namespace

std::string formatTime(core::WallTime time, const TimeStyle& style) {
    const long long micros = core::toUnixMicros(time);
    if (style.pattern == "unix") return std::to_string(micros / 1'000'000);
    if (style.pattern == "unix_ms") return std::to_string(micros / 1000);
    const auto local = std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(micros) + style.zone);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(local - day));
    const std::string_view pattern =
        style.pattern == "iso" ? std::string_view("yyyy-MM-ddTHH:mm:ss") : std::string_view(style.pattern);
    const std::array<std::pair<std::string_view, std::string>, 7> parts{{
        {"yyyy", padded(int(date.year()), 4)},
        {"SSS", padded(clock.subseconds().count(), 3)},
        {"MM", padded(unsigned(date.month()), 2)},
        {"dd", padded(unsigned(date.day()), 2)},
        {"HH", padded(clock.hours().count(), 2)},
        {"mm", padded(clock.minutes().count(), 2)},
        {"ss", padded(clock.seconds().count(), 2)},
    }};
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t before = at;
        for (const auto& [name, value] : parts) {
            if (pattern.substr(at).starts_with(name)) {
                out += value;
                at += name.size();
                break;
            }
        }
        if (at == before) out += pattern[at++];
    }
    return style.pattern == "iso" ? out + offsetText(style.zone) : out;
}

std::optional<std::chrono::minutes> zoneOffset(std::string_view name) noexcept {
    if (name == "Asia/Shanghai") return std::chrono::minutes(8 * 60);
    if (name == "UTC" || name == "Z") return std::chrono::minutes(0);
    const bool form = name.size() == 6 && (name[0] == '+' || name[0] == '-') && name[3] == ':' &&
                      core::isDigit(name[1]) && core::isDigit(name[2]) && core::isDigit(name[4]) &&
                      core::isDigit(name[5]);
    if (!form) return std::nullopt;
    const int minutes = ((name[1] - '0') * 10 + (name[2] - '0')) * 60 + (name[4] - '0') * 10 + (name[5] - '0');
    if (minutes > 14 * 60) return std::nullopt;
    return std::chrono::minutes(name[0] == '-' ? -minutes : minutes);
}

}  // namespace yimen::sync
