#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "core/ascii.h"

namespace yimen::net {

/// Character classes of RFC 9110 and 9112 as one table look-up. Internal to net.
enum CharClass : std::uint8_t {
    kTokenChar = 1,    ///< tchar, RFC 9110 section 5.6.2
    kTargetChar = 2,   ///< what a request target may hold; see RequestHead::target
    kValueChar = 4,    ///< field-vchar, SP, HTAB, obs-text
    kDigitChar = 8,    ///< 0-9
    kHostChar = 16,    ///< reg-name without escapes and sub-delims, plus '_'
    kHexChar = 32,     ///< 0-9 a-f A-F
    kHostV6Char = 64,  ///< inside the brackets of an address literal
};

constexpr bool inText(char c, std::string_view text) {
    return text.find(c) != std::string_view::npos;
}

constexpr std::uint8_t classify(unsigned code) {
    const char c = static_cast<char>(code);
    const bool digit = core::isDigit(c);
    const bool alpha = core::isAlpha(c);
    const bool hex = core::hexDigit(c) >= 0;
    unsigned bits = 0;
    if (digit || alpha || (code < 128 && code != 0 && inText(c, "!#$%&'*+-.^_`|~"))) bits |= kTokenChar;
    if (code > 0x20 && code < 0x7F && !inText(c, "#\"<>")) bits |= kTargetChar;
    if (code == '\t' || (code >= 0x20 && code != 0x7F)) bits |= kValueChar;
    if (digit) bits |= kDigitChar;
    if (digit || alpha || code == '-' || code == '.' || code == '_') bits |= kHostChar;
    if (hex) bits |= kHexChar;
    if (hex || code == ':' || code == '.') bits |= kHostV6Char;
    return static_cast<std::uint8_t>(bits);
}

constexpr std::array<std::uint8_t, 256> makeCharTable() {
    std::array<std::uint8_t, 256> table{};
    for (unsigned i = 0; i < 256; ++i) table[i] = classify(i);
    return table;
}

inline constexpr std::array<std::uint8_t, 256> kCharTable = makeCharTable();

constexpr bool isClass(char c, CharClass wanted) noexcept {
    return (kCharTable[static_cast<unsigned char>(c)] & wanted) != 0;
}

constexpr bool allOf(std::string_view text, CharClass wanted) noexcept {
    return std::all_of(text.begin(), text.end(), [wanted](char c) { return isClass(c, wanted); });
}

}  // namespace yimen::net
