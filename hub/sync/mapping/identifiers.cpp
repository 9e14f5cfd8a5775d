#include "sync/mapping/identifiers.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "core/ascii.h"
#include "sync/mapping/dates.h"
#include "sync/mapping/text_ops.h"

namespace yimen::sync::mapping {

namespace {

constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

constexpr std::array<int, 256> makeCreditValues() {
    std::array<int, 256> out{};
    for (auto& value : out) value = -1;
    for (std::size_t i = 0; i < kCreditAlphabet.size(); ++i) {
        out[static_cast<unsigned char>(kCreditAlphabet[i])] = static_cast<int>(i);
    }
    return out;
}
constexpr auto kCreditValues = makeCreditValues();

int number(std::string_view digits) noexcept {
    int out = 0;
    for (const char c : digits) out = out * 10 + (c - '0');
    return out;
}

/// Provinces of GB/T 2260; the first digit is the region. 81 to 83 also stand on residence permits.
bool knownProvince(std::string_view text) noexcept {
    constexpr std::array<int, 10> kLastOfRegion{0, 15, 23, 37, 46, 54, 65, 71, 83, 0};
    const int code = number(text.substr(0, 2));
    const auto region = static_cast<std::size_t>(code / 10);
    return (code % 10 != 0 || code == 50) && code <= kLastOfRegion[region];
}

bool realBirth(std::string_view yyyymmdd) noexcept {
    DateTime at;
    at.year = number(yyyymmdd.substr(0, 4));
    at.month = number(yyyymmdd.substr(4, 2));
    at.day = number(yyyymmdd.substr(6, 2));
    return at.year >= 1800 && at.exists();
}

CellText ofFifteen(std::string_view text, TextArena& arena) {
    std::array<char, 18> out{};
    std::copy_n(text.begin(), 6, out.begin());
    out[6] = '1';
    out[7] = '9';
    std::copy_n(text.begin() + 6, 9, out.begin() + 8);
    const std::string_view made(out.data(), 17);
    if (!realBirth(made.substr(6, 8))) return kNullCell;
    out[17] = idCardCheck(made);
    return arena.copy({out.data(), out.size()});
}

constexpr std::size_t kMaxPhone = 32;

/// Digits and one kind of hyphen; blanks, brackets and the country code left out. False for other characters.
bool tidyPhone(std::string_view text, std::array<char, kMaxPhone>& out, std::size_t& size) noexcept {
    if (text.starts_with("+86")) {
        text.remove_prefix(3);
    } else if (text.starts_with("0086")) {
        text.remove_prefix(4);
    }
    for (const char c : text) {
        if (c == ' ' || c == '(') continue;
        if (size == out.size()) return false;
        if (core::isDigit(c)) {
            out[size++] = c;
        } else if (c == '-' || c == ')') {
            if (size > 0 && out[size - 1] != '-') out[size++] = '-';
        } else {
            return false;
        }
    }
    return size > 0;
}

bool isMobile(std::string_view digits) noexcept {
    return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' && allDigits(digits);
}

/// 3 digits of area for 010 and 02x, else 4.
std::size_t areaSize(std::string_view text) noexcept {
    return text.size() > 1 && (text[1] == '1' || text[1] == '2') ? 3 : 4;
}

CellText fixedLine(std::string_view text, TextArena& arena) {
    std::string_view area;
    if (text.front() == '0') {
        if (text.size() < areaSize(text)) return kNullCell;
        area = text.substr(0, areaSize(text));
        if (!allDigits(area) || area[1] == '0') return kNullCell;
        text.remove_prefix(area.size());
        if (text.starts_with('-')) text.remove_prefix(1);
    }
    const std::size_t digits = leadingDigits(text);
    const std::string_view rest = text.substr(digits);
    if ((digits != 7 && digits != 8) || text.front() < '2') return kNullCell;
    const bool extension = rest.size() >= 2 && rest.size() <= 7 && allDigits(rest.substr(1));
    if (!rest.empty() && !extension) return kNullCell;
    char* out = arena.room(area.size() + 1 + text.size());
    std::size_t size = 0;
    if (!area.empty()) {
        std::copy(area.begin(), area.end(), out);
        out[area.size()] = '-';
        size = area.size() + 1;
    }
    std::copy(text.begin(), text.end(), out + size);
    return arena.commit(size + text.size());
}

}  // namespace

char idCardCheck(std::string_view first17) noexcept {
    constexpr std::array<int, 17> kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        if (!core::isDigit(first17[i])) return 0;
        sum += (first17[i] - '0') * kWeights[i];
    }
    return "10X98765432"[sum % 11];
}

char creditCodeCheck(std::string_view first17) noexcept {
    constexpr std::array<int, 17> kWeights{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        const int value = kCreditValues[static_cast<unsigned char>(first17[i])];
        if (value < 0) return 0;
        sum += value * kWeights[i];
    }
    return kCreditAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

CellText canonicalIdCard(std::string_view text, TextArena& arena) {
    if (text.size() == 15 && allDigits(text) && knownProvince(text)) return ofFifteen(text, arena);
    if (text.size() != 18) return kNullCell;
    const char check = idCardCheck(text);
    if (check == 0 || !knownProvince(text) || !realBirth(text.substr(6, 8))) return kNullCell;
    if (text.back() == check) return text;
    if (check != 'X' || text.back() != 'x') return kNullCell;
    std::array<char, 18> out{};
    std::copy_n(text.begin(), 17, out.begin());
    out[17] = 'X';
    return arena.copy({out.data(), out.size()});
}

CellText canonicalCreditCode(std::string_view text, TextArena& arena) {
    if (text.size() != 18) return kNullCell;
    std::array<char, 18> upper{};
    std::transform(text.begin(), text.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    const std::string_view made(upper.data(), upper.size());
    const char check = creditCodeCheck(made);
    if (check == 0 || check != made.back()) return kNullCell;
    return made == text ? text : arena.copy(made);
}

CellText canonicalDivision(std::string_view text, TextArena&) {
    const bool size = text.size() == 6 || text.size() == 9 || text.size() == 12;
    return size && allDigits(text) && knownProvince(text) ? text : kNullCell;
}

CellText canonicalPhone(std::string_view text, TextArena& arena) {
    std::array<char, kMaxPhone> out{};
    std::size_t size = 0;
    if (isMobile(text)) return text;
    if (!tidyPhone(text, out, size)) return kNullCell;
    std::string digits;
    std::copy_if(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size), std::back_inserter(digits),
                 core::isDigit);
    if (digits.size() == 13 && digits.starts_with("86")) digits.erase(0, 2);
    if (isMobile(digits)) return arena.copy(digits);
    const bool service = digits.starts_with("400") || digits.starts_with("800");
    if (service && digits.size() == 10) return arena.copy(digits);
    const bool small = digits.size() >= 3 && digits.size() <= 6 && (digits[0] == '1' || digits[0] == '9');
    if (small && digits.size() == size) return arena.copy(digits);
    return fixedLine({out.data(), size}, arena);
}

}  // namespace yimen::sync::mapping
