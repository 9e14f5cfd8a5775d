#include "http/headers.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/log.h"

namespace yimen::http {
namespace {

bool isTokenCharacter(char c) noexcept {
    return core::isAlpha(c) || core::isDigit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

bool isToken(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

bool isFieldValue(std::string_view text) noexcept {
    if (text != core::trim(text)) return false;
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

std::optional<std::string_view> Headers::one(std::string_view name) const {
    std::optional<std::string_view> found;
    for (const auto& [key, value] : fields_) {
        if (!core::equalIgnoreCase(key, name)) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

std::string_view Headers::first(std::string_view name) const noexcept {
    for (const auto& [key, value] : fields_) {
        if (core::equalIgnoreCase(key, name)) return value;
    }
    return {};
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : fields_) {
        if (core::equalIgnoreCase(key, name)) values.emplace_back(value);
    }
    return values;
}

bool Headers::has(std::string_view name) const noexcept {
    return std::any_of(fields_.begin(), fields_.end(),
                       [&](const Field& field) { return core::equalIgnoreCase(field.first, name); });
}

void Headers::add(std::string_view name, std::string_view value) {
    if (!isToken(name) || !isFieldValue(value)) {
        core::logWarn("http.field.refused", {{"name", name}});
        return;
    }
    fields_.emplace_back(name, value);
}

void Headers::set(std::string_view name, std::string_view value) {
    remove(name);
    add(name, value);
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [&](const Field& field) { return core::equalIgnoreCase(field.first, name); });
}

}  // namespace yimen::http
