#include "sync/mapping/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/ascii.h"
#include "sync/mapping/text_ops.h"

namespace yimen::sync::mapping {

namespace {

constexpr std::size_t kRoom = 96;  // kMaxNumberDigits and the digits of a scale

/// digits * 10^exponent; digits without leading zeros, most significant first.
struct Parts {  // NOLINT(cppcoreguidelines-pro-type-member-init): digits are written before they count
    std::array<char, kRoom> digits;
    int count = 0;
    int exponent = 0;
    bool negative = false;

    bool add(char digit) noexcept {
        if (count == 0 && digit == '0') return true;
        if (count == kMaxNumberDigits) return false;
        digits[static_cast<std::size_t>(count++)] = digit;
        return true;
    }
};

bool readExponent(std::string_view text, int& exponent) noexcept {
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    constexpr int kMaxExponent = 200;
    return failure == std::errc{} && rest == text.data() + text.size() && std::abs(exponent) <= kMaxExponent;
}

/// The whole part; commas may stand between groups of three digits.
NumberFault readWhole(std::string_view whole, Parts& parts) noexcept {
    const std::size_t comma = whole.find(',');
    const bool grouped = comma != std::string_view::npos;
    if (grouped && comma > 3) return NumberFault::kForm;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (grouped && i > 0 && (whole.size() - i) % 4 == 0) {
            if (whole[i] != ',') return NumberFault::kForm;
            continue;
        }
        if (!core::isDigit(whole[i])) return NumberFault::kForm;
        if (!parts.add(whole[i])) return NumberFault::kTooLong;
    }
    return NumberFault::kNone;
}

NumberFault readParts(std::string_view text, Parts& parts) noexcept {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        parts.negative = text.front() == '-';
        text.remove_prefix(1);
    }
    const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
    if (mark < text.size() && !readExponent(text.substr(mark + 1), parts.exponent)) return NumberFault::kForm;
    text = text.substr(0, mark);
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view fraction = point < text.size() ? text.substr(point + 1) : std::string_view{};
    if (point == 0 && fraction.empty()) return NumberFault::kForm;
    if (const auto fault = readWhole(text.substr(0, point), parts); fault != NumberFault::kNone) return fault;
    std::size_t used = fraction.size();
    while (used > 0 && fraction[used - 1] == '0') --used;
    for (std::size_t i = 0; i < fraction.size(); ++i) {
        if (!core::isDigit(fraction[i])) return NumberFault::kForm;
        if (i < used && !parts.add(fraction[i])) return NumberFault::kTooLong;
    }
    parts.exponent -= static_cast<int>(used);
    return NumberFault::kNone;
}

void multiply(Parts& parts, const Scale& scale) noexcept {
    parts.negative = parts.negative != scale.negative;
    parts.exponent -= scale.places;
    if (scale.mantissa == 1) return;
    std::array<char, kRoom> product{};
    std::uint64_t carry = 0;
    std::size_t at = kRoom;
    for (int i = parts.count - 1; i >= 0; --i) {
        carry += scale.mantissa * static_cast<std::uint64_t>(parts.digits[static_cast<std::size_t>(i)] - '0');
        product[--at] = static_cast<char>('0' + carry % 10);
        carry /= 10;
    }
    for (; carry > 0; carry /= 10) product[--at] = static_cast<char>('0' + carry % 10);
    parts.count = static_cast<int>(kRoom - at);
    std::copy(product.begin() + static_cast<std::ptrdiff_t>(at), product.end(), parts.digits.begin());
}

void dropTrailingZeros(Parts& parts) noexcept {
    while (parts.count > 0 && parts.digits[static_cast<std::size_t>(parts.count - 1)] == '0') {
        --parts.count;
        ++parts.exponent;
    }
}

CellText writeParts(const Parts& parts, TextArena& arena) {
    if (parts.count == 0) return {"0", 1};
    const int whole = parts.count + parts.exponent;  // digits before the point
    const auto size = static_cast<std::size_t>(std::max(parts.count, 0) + std::abs(parts.exponent) + 4);
    char* const begin = arena.room(size);
    char* out = begin;
    if (parts.negative) *out++ = '-';
    if (whole <= 0) {
        *out++ = '0';
        *out++ = '.';
        out = std::fill_n(out, -whole, '0');
        out = std::copy_n(parts.digits.begin(), parts.count, out);
    } else {
        out = std::copy_n(parts.digits.begin(), std::min(whole, parts.count), out);
        out = std::fill_n(out, std::max(parts.exponent, 0), '0');
        if (parts.exponent < 0) {
            *out++ = '.';
            out = std::copy_n(parts.digits.begin() + whole, -parts.exponent, out);
        }
    }
    return arena.commit(static_cast<std::size_t>(out - begin));
}

bool isOne(const Scale& scale) noexcept {
    return scale.mantissa == 1 && scale.places == 0 && !scale.negative;
}

/// Digits without a leading zero: canonical as it stands.
bool plainWhole(std::string_view text) noexcept {
    return allDigits(text) && (text.size() == 1 || text.front() != '0');
}

NumberFault readScaled(std::string_view text, const Scale& scale, Parts& parts) noexcept {
    if (const auto fault = readParts(text, parts); fault != NumberFault::kNone) return fault;
    if (!isOne(scale) && parts.count > 0) multiply(parts, scale);
    dropTrailingZeros(parts);
    const int whole = parts.count + parts.exponent;
    if (parts.count > 0 && (whole > kMaxNumberDigits || -parts.exponent > kMaxNumberDigits)) {
        return NumberFault::kTooLong;
    }
    return NumberFault::kNone;
}

bool inRange(std::string_view text) noexcept {
    std::int64_t value = 0;
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
}

}  // namespace

std::optional<Scale> Scale::parse(std::string_view text) {
    Parts parts;
    if (readParts(text, parts) != NumberFault::kNone || parts.count == 0) return std::nullopt;
    dropTrailingZeros(parts);
    Scale out;
    out.negative = parts.negative;
    out.places = -parts.exponent;
    const auto* const end = parts.digits.data() + parts.count;
    const auto [rest, failure] = std::from_chars(parts.digits.data(), end, out.mantissa);
    if (failure != std::errc{} || rest != end || out.mantissa > kMaxMantissa) return std::nullopt;
    return out;
}

NumberText canonicalDecimal(std::string_view text, const Scale& scale, TextArena& arena) {
    constexpr std::size_t kShort = 18;
    if (isOne(scale) && text.size() <= kShort && plainWhole(text)) return {text};
    Parts parts;
    if (const auto fault = readScaled(text, scale, parts); fault != NumberFault::kNone) return {kNullCell, fault};
    return {writeParts(parts, arena)};
}

NumberText canonicalInteger(std::string_view text, const Scale& scale, TextArena& arena) {
    constexpr std::size_t kShort = 18;
    if (isOne(scale) && text.size() <= kShort && plainWhole(text)) return {text};
    Parts parts;
    if (const auto fault = readScaled(text, scale, parts); fault != NumberFault::kNone) return {kNullCell, fault};
    if (parts.count > 0 && parts.exponent < 0) return {kNullCell, NumberFault::kFraction};
    const CellText out = writeParts(parts, arena);
    if (!inRange(out)) return {kNullCell, NumberFault::kRange};
    return {out};
}

}  // namespace yimen::sync::mapping
