#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "config/yaml.h"

/// Bind one key to one field; the field's initialiser is the default. Inner part of this folder.
namespace yimen::config::fields {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;

template <typename T>
void count(MapReader& map, std::string_view key, T& field, Range<std::int64_t> range) {
    field = static_cast<T>(map.integer(key, static_cast<std::int64_t>(field), range));
}
inline void size(MapReader& map, std::string_view key, std::uint64_t& field, Range<std::uint64_t> range) {
    field = map.byteSize(key, field, range);
}
inline void time(MapReader& map, std::string_view key, std::chrono::milliseconds& field, Range<std::int64_t> rangeMs) {
    field = map.duration(key, field, rangeMs);
}
inline void flag(MapReader& map, std::string_view key, bool& field) {
    field = map.boolean(key, field);
}
inline void text(MapReader& map, std::string_view key, std::string& field) {
    field = map.text(key, field);
}

std::string absolutePath(const std::string& path, const std::string& base);
/// A file or folder name, made absolute: a relative one stands in `base`. Empty stays empty.
void path(MapReader& map, std::string_view key, std::string& field, const std::string& base);
/// "file:PATH" (PATH made absolute) or "env:NAME"; anything else would be a secret in the open and is refused.
std::string secretReference(MapReader& map, std::string_view key, const std::string& fallback, const std::string& base);
/// A list of networks in CIDR form or single addresses.
void networks(MapReader& map, std::string_view key, std::vector<std::string>& field);
/// A lower-case DNS name.
bool isHostName(std::string_view text);
/// Lower-case letters, digits and '-', beginning with a letter, at most 63.
bool isId(std::string_view text);

}  // namespace yimen::config::fields
