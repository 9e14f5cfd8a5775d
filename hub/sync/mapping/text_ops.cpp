#include "sync/mapping/text_ops.h"

#include <algorithm>

#include "core/ascii.h"

namespace yimen::sync::mapping {

namespace {

constexpr std::string_view kWideSpace = "\xE3\x80\x80";

constexpr bool isSpace(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// ASCII of a three-byte full-width form at `text`; 0 when it is none.
char narrow(const char* text) noexcept {
    const auto a = static_cast<unsigned char>(text[0]);
    const auto b = static_cast<unsigned char>(text[1]);
    const auto c = static_cast<unsigned char>(text[2]);
    if (a == 0xE3 && b == 0x80 && c == 0x80) return ' ';
    if (a != 0xEF) return 0;
    if (b == 0xBC && c >= 0x81 && c <= 0xBF) return static_cast<char>(c - 0x60);
    if (b == 0xBD && c >= 0x80 && c <= 0x9E) return static_cast<char>(c - 0x20);
    return 0;
}

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
    for (;;) {
        if (!text.empty() && isSpace(text.front())) {
            text.remove_prefix(1);
        } else if (text.starts_with(kWideSpace)) {
            text.remove_prefix(kWideSpace.size());
        } else {
            break;
        }
    }
    for (;;) {
        if (!text.empty() && isSpace(text.back())) {
            text.remove_suffix(1);
        } else if (text.ends_with(kWideSpace)) {
            text.remove_suffix(kWideSpace.size());
        } else {
            return text;
        }
    }
}

std::string_view halfWidth(std::string_view text, TextArena& arena) {
    const auto wide = [](char c) { return c == '\xEF' || c == '\xE3'; };
    const auto first = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), wide) - text.begin());
    if (first == text.size()) return text;
    char* out = arena.room(text.size());
    std::memcpy(out, text.data(), first);
    std::size_t size = first;
    for (std::size_t i = first; i < text.size();) {
        const char c = i + 2 < text.size() && wide(text[i]) ? narrow(text.data() + i) : '\0';
        if (c != '\0') {
            out[size++] = c;
            i += 3;
        } else {
            out[size++] = text[i++];
        }
    }
    return arena.commit(size);
}

std::size_t characters(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

CellText canonicalBoolean(std::string_view text) noexcept {
    constexpr std::string_view kTrue[] = {"true", "t", "1", "y", "yes", "是"};
    constexpr std::string_view kFalse[] = {"false", "f", "0", "n", "no", "否"};
    const auto same = [&](std::string_view word) { return core::equalIgnoreCase(word, text); };
    if (std::any_of(std::begin(kTrue), std::end(kTrue), same)) return "true";
    if (std::any_of(std::begin(kFalse), std::end(kFalse), same)) return "false";
    return kNullCell;
}

std::string shown(std::string_view text) {
    constexpr std::size_t kMaxShown = 40;
    std::string out;
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count) {
        if (count == kMaxShown) return out + "…";
        const std::size_t size = std::min(characterSize(text[i]), text.size() - i);
        const bool control = static_cast<unsigned char>(text[i]) < 0x20U || text[i] == '\x7F';
        if (control) {
            out += '?';
        } else {
            out.append(text.substr(i, size));
        }
        i += size;
    }
    return out;
}

std::size_t leadingDigits(std::string_view text) noexcept {
    std::size_t count = 0;
    while (count < text.size() && core::isDigit(text[count])) ++count;
    return count;
}

bool allDigits(std::string_view text) noexcept {
    return !text.empty() && leadingDigits(text) == text.size();
}

}  // namespace yimen::sync::mapping
