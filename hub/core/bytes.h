#pragma once

#include <cstdint>
#include <optional>
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

/// As fromBase64Url, without allocation: the bytes go to the front of `out`. Returns how many; nothing when the text
/// is not valid or `out` is too small. For the traffic path.
std::optional<std::size_t> fromBase64UrlInto(std::string_view text, std::span<std::uint8_t> out) noexcept;

/// Compares in time that depends on the lengths only.
bool equalConstantTime(ByteView a, ByteView b) noexcept;

}  // namespace yimen::core
