#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sync/mapping/text_arena.h"

namespace yimen::sync::mapping {

/// Without ASCII white space and U+3000 at both ends. A view into `text`. Any thread.
std::string_view trimmed(std::string_view text) noexcept;

/// Full-width forms (U+FF01..U+FF5E, U+3000) as ASCII; the text itself when it has none.
std::string_view halfWidth(std::string_view text, TextArena& arena);

/// Bytes of the character that begins with `lead`; 1 for what begins none.
constexpr std::size_t characterSize(char lead) noexcept {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0xC0U ? 1U : byte < 0xE0U ? 2U : byte < 0xF0U ? 3U : 4U;
}
/// Characters of valid UTF-8.
std::size_t characters(std::string_view text) noexcept;

/// "true" or "false" for true false t f 1 0 y n yes no 是 否, ASCII case ignored; else a null cell.
CellText canonicalBoolean(std::string_view text) noexcept;

/// For messages: at most 40 characters, control characters replaced.
std::string shown(std::string_view text);

/// Number of digits at the front.
std::size_t leadingDigits(std::string_view text) noexcept;
/// True for one or more digits and nothing else.
bool allDigits(std::string_view text) noexcept;

}  // namespace yimen::sync::mapping
