#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace yimen::core {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The bytes of a text, without a copy. The text must outlive the view.
ByteView asBytes(std::string_view text) noexcept;
std::string_view asText(ByteView bytes) noexcept;

/// Lower-case hexadecimal; reading accepts both cases and refuses odd lengths and other characters.
std::string toHex(ByteView bytes);
Result<Bytes> fromHex(std::string_view text);

/// RFC 4648 section 4 (padded) and section 5 (unpadded). Reading is strict: no white space, no missing or surplus
/// padding, no non-zero trailing bits, so that one value has exactly one spelling.
std::string toBase64(ByteView bytes);
std::string toBase64Url(ByteView bytes);
Result<Bytes> fromBase64(std::string_view text);
Result<Bytes> fromBase64Url(std::string_view text);

/// Compares in time that depends on the lengths only.
bool equalConstantTime(ByteView a, ByteView b) noexcept;

}  // namespace yimen::core
