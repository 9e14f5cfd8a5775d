#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sync/mapping/text_arena.h"

namespace yimen::sync::mapping {

/// A factor of the declarations: mantissa / 10^places. Exact.
struct Scale {
    std::uint64_t mantissa = 1;  ///< at most kMaxMantissa
    int places = 0;              ///< negative: zeros behind
    bool negative = false;
    static constexpr std::uint64_t kMaxMantissa = 1'000'000'000'000'000'000U;
    /// "0.0001", "1000", "-1"; nothing for zero and for what is no number.
    static std::optional<Scale> parse(std::string_view text);
};

/// Why a text is no number.
enum class NumberFault { kNone, kForm, kTooLong, kFraction, kRange };

struct NumberText {
    CellText text;  ///< canonical: -?digits[.digits] without needless zeros; null after a fault
    NumberFault fault = NumberFault::kNone;
};

/// Digits a number may have in all, exponent applied.
inline constexpr int kMaxNumberDigits = 60;

/// A decimal as people and programs write it: sign, digits, groups of three ("1,234.50"), a fraction, an exponent.
/// Multiplied by `scale` with exact arithmetic, never by way of binary floating point. The text itself comes back when
/// it is canonical already. Any thread with its own arena.
NumberText canonicalDecimal(std::string_view text, const Scale& scale, TextArena& arena);

/// As canonicalDecimal, but whole and within 64 bits: "5.0" is 5, "5.5" is a fault.
NumberText canonicalInteger(std::string_view text, const Scale& scale, TextArena& arena);

}  // namespace yimen::sync::mapping
