#include "config/fields.h"

#include <algorithm>
#include <filesystem>

#include "core/ip_address.h"

namespace yimen::config::fields {

namespace {

bool isLowerAlnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string absolutePath(const std::string& path, const std::string& base) {
    return (std::filesystem::path(base) / path).lexically_normal().string();
}

void path(MapReader& map, std::string_view key, std::string& field, const std::string& base) {
    const std::string value = map.text(key, field);
    field = value.empty() ? value : absolutePath(value, base);
}

std::string secretReference(MapReader& map, std::string_view key, const std::string& fallback,
                            const std::string& base) {
    std::string value = map.text(key, fallback);
    if (value.starts_with("file:") && value.size() > 5) return "file:" + absolutePath(value.substr(5), base);
    if (value.starts_with("env:") && value.size() > 4) return value;
    if (!value.empty()) {
        map.complain(key, "'" + std::string(key) + "' must be file:PATH or env:NAME; never write a secret here");
    }
    return value.empty() ? value : fallback;
}

void networks(MapReader& map, std::string_view key, std::vector<std::string>& field) {
    if (!map.has(key)) {
        map.texts(key);
        return;
    }
    field = map.texts(key);
    for (const auto& network : field) {
        if (core::Cidr::parse(network).ok()) continue;
        map.complain(key, "'" + network + "' is not a network: write 10.1.0.0/16 with zero host bits, or one address");
    }
}

bool isHostName(std::string_view text) {
    if (text.empty() || text.size() > 253) return false;
    char before = '.';
    for (const char c : text) {
        const bool edge = c == '.' || c == '-';
        if (!edge && !isLowerAlnum(c)) return false;
        if (before == '.' && edge) return false;
        if (before == '-' && c == '.') return false;
        before = c;
    }
    return isLowerAlnum(before);
}

bool isId(std::string_view text) {
    if (text.empty() || text.size() > 63 || text.front() < 'a' || text.front() > 'z') return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return isLowerAlnum(c) || c == '-'; }) &&
           text.back() != '-';
}

}  // namespace yimen::config::fields
