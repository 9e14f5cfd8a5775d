#include "binlog_numbers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "binlog_bytes.h"

namespace yimen::mysql {

namespace {

/// Digits before the point that are still written without an exponent; the server's MAX_DECPT_FOR_F_FORMAT.
constexpr int kMostPlain = 15;
constexpr int kFloatDigits = 6;
constexpr unsigned kGroup = 9;  ///< digits in four bytes
constexpr std::array<std::uint8_t, kGroup + 1> kBytes{0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

/// 0.DIGITS times ten to the power of `point`.
struct Digits {
    bool negative = false;
    std::string digits;
    int point = 0;
};

Digits digitsOf(double value, bool single) {
    std::array<char, 64> text{};
    char* const end = text.data() + text.size();
    auto written = std::to_chars(text.data(), end, value, std::chars_format::scientific);
    const std::string_view shortest(text.data(), static_cast<std::size_t>(written.ptr - text.data()));
    const auto mantissa = static_cast<std::ptrdiff_t>(shortest.find('e'));
    if (single && std::count_if(shortest.begin(), shortest.begin() + mantissa,
                                [](char c) { return c >= '0' && c <= '9'; }) > kFloatDigits) {
        written = std::to_chars(text.data(), end, value, std::chars_format::scientific, kFloatDigits - 1);
    }
    const std::string_view all(text.data(), static_cast<std::size_t>(written.ptr - text.data()));
    const std::size_t e = all.find('e');
    Digits out;
    out.negative = all.front() == '-';
    for (const char c : all.substr(0, e)) {
        if (c >= '0' && c <= '9') out.digits += c;
    }
    while (out.digits.size() > 1 && out.digits.back() == '0') out.digits.pop_back();
    const std::size_t sign = all[e + 1] == '+' ? e + 2 : e + 1;
    std::from_chars(all.data() + sign, all.data() + all.size(), out.point);
    ++out.point;
    return out;
}

void appendGroup(std::uint64_t value, std::size_t digits, std::string& out) {
    std::uint64_t most = 1;
    for (std::size_t i = 0; i < digits; ++i) most *= 10;
    if (value >= most) failCorrupt("a decimal with digits that are none");
    appendPadded(value, digits, out);
}

/// The shortest digits that give the number back when there are no more of them than `decimals` behind the point.
void appendFixed(double value, unsigned decimals, std::string& out) {
    std::array<char, 512> text{};
    char* const end = text.data() + text.size();
    auto written = std::to_chars(text.data(), end, value, std::chars_format::fixed);
    std::string_view digits(text.data(), static_cast<std::size_t>(written.ptr - text.data()));
    std::size_t behind = digits.find('.') == std::string_view::npos ? 0 : digits.size() - digits.find('.') - 1;
    if (behind > decimals) {
        written = std::to_chars(text.data(), end, value, std::chars_format::fixed, static_cast<int>(decimals));
        digits = {text.data(), static_cast<std::size_t>(written.ptr - text.data())};
        behind = decimals;
    }
    out += digits;
    if (behind == 0 && decimals > 0) out += '.';
    out.append(decimals - behind, '0');
}

}  // namespace

void appendPadded(std::uint64_t value, std::size_t digits, std::string& out) {
    const std::string text = std::to_string(value);
    if (text.size() < digits) out.append(digits - text.size(), '0');
    out += text;
}

void appendReal(double value, bool single, std::optional<unsigned> decimals, std::string& out) {
    if (!(value - value == 0)) failCorrupt("a number that is infinite or none");
    if (decimals) return appendFixed(value, *decimals, out);
    if (value == 0) {
        out += std::to_string(0);
        return;
    }
    const Digits d = digitsOf(value, single);
    const auto count = static_cast<int>(d.digits.size());
    if (d.negative) out += '-';
    if (d.point < -kMostPlain + 1 || (d.point > kMostPlain && d.point >= count)) {
        out += d.digits[0];
        if (count > 1) out.append(".").append(d.digits, 1);
        out += 'e' + std::to_string(d.point - 1);
    } else if (d.point <= 0) {
        out.append("0.").append(static_cast<std::size_t>(-d.point), '0').append(d.digits);
    } else if (d.point >= count) {
        out.append(d.digits).append(static_cast<std::size_t>(d.point - count), '0');
    } else {
        const auto point = static_cast<std::size_t>(d.point);
        out.append(d.digits, 0, point).append(".").append(d.digits, point);
    }
}

std::size_t decimalSize(unsigned precision, unsigned scale) {
    const unsigned whole = precision - scale;
    return whole / kGroup * 4U + kBytes[whole % kGroup] + scale / kGroup * 4U + kBytes[scale % kGroup];
}

void appendDecimal(unsigned precision, unsigned scale, std::string_view bytes, std::string& out) {
    std::string plain(bytes);
    if (plain.empty()) failCorrupt("a decimal without digits");
    // The highest bit is set in what is not negative; a negative number has all its bits turned around.
    const bool negative = (static_cast<unsigned char>(plain[0]) & 0x80U) == 0;
    plain[0] = static_cast<char>(static_cast<unsigned char>(plain[0]) ^ 0x80U);
    if (negative) {
        for (char& c : plain) c = static_cast<char>(~static_cast<unsigned char>(c));
    }
    Bytes in(plain);
    const unsigned whole = precision - scale;
    std::string digits;
    appendGroup(in.big(kBytes[whole % kGroup]), whole % kGroup, digits);
    for (unsigned i = 0; i < whole / kGroup; ++i) appendGroup(in.big(4), kGroup, digits);
    const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size());
    if (negative) out += '-';
    out += first == digits.size() ? "0" : digits.substr(first);
    if (scale == 0) return;
    out += '.';
    for (unsigned i = 0; i < scale / kGroup; ++i) appendGroup(in.big(4), kGroup, out);
    if (scale % kGroup > 0) appendGroup(in.big(kBytes[scale % kGroup]), scale % kGroup, out);
}

}  // namespace yimen::mysql
