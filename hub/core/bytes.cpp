#include "core/bytes.h"

#include "core/ascii.h"

namespace yimen::core {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(ByteView bytes, std::string_view alphabet, bool pad) {
    const std::size_t whole = bytes.size() / 3 * 3;
    const std::size_t rest = bytes.size() - whole;
    const std::size_t lastGroup = rest == 0 ? 0 : (pad ? 4 : rest + 1);
    std::string out(whole / 3 * 4 + lastGroup, '=');
    char* to = out.data();
    const auto put = [&](std::uint32_t group, std::size_t characters) {
        for (std::size_t k = 0; k < characters; ++k) *to++ = alphabet[(group >> (18U - 6U * k)) & 63U];
    };
    for (std::size_t i = 0; i < whole; i += 3) {
        put((std::uint32_t{bytes[i]} << 16U) | (std::uint32_t{bytes[i + 1]} << 8U) | bytes[i + 2], 4);
    }
    if (rest == 1) put(std::uint32_t{bytes[whole]} << 16U, 2);
    if (rest == 2) put((std::uint32_t{bytes[whole]} << 16U) | (std::uint32_t{bytes[whole + 1]} << 8U), 3);
    return out;
}

Error badBase64() {
    return makeError(ErrorCode::kInvalidInput, "not valid Base64");
}

using DecodeTable = std::array<std::uint8_t, 256>;
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr DecodeTable makeTable(std::string_view alphabet) {
    DecodeTable table{};
    for (auto& entry : table) entry = kNoDigit;
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}
constexpr DecodeTable kBase64Digits = makeTable(kBase64);
constexpr DecodeTable kBase64UrlDigits = makeTable(kBase64Url);

/// Reads up to four digits into 24 bits, first digit highest. Some bit above them is set when one is not a digit.
std::uint32_t readGroup(std::string_view digits, const DecodeTable& table) noexcept {
    std::uint32_t group = 0;
    std::uint32_t bad = 0;
    for (std::size_t k = 0; k < digits.size(); ++k) {
        const std::uint32_t value = table[static_cast<unsigned char>(digits[k])];
        bad |= value & 0xC0U;
        group |= (value & 63U) << (18U - 6U * k);
    }
    return group | (bad << 24U);
}

/// `out` has room for text.size() * 3 / 4 bytes.
bool decodeInto(std::string_view text, const DecodeTable& table, std::uint8_t* out) noexcept {
    const std::size_t whole = text.size() / 4 * 4;
    const std::size_t rest = text.size() - whole;
    if (rest == 1) return false;
    for (std::size_t i = 0; i < whole; i += 4) {
        const std::uint32_t group = readGroup(text.substr(i, 4), table);
        if (group > 0xFFFFFFU) return false;
        *out++ = static_cast<std::uint8_t>(group >> 16U);
        *out++ = static_cast<std::uint8_t>((group >> 8U) & 0xFFU);
        *out++ = static_cast<std::uint8_t>(group & 0xFFU);
    }
    if (rest == 0) return true;
    const std::uint32_t group = readGroup(text.substr(whole), table);
    // Bits below the last whole byte must be zero: one value has one spelling.
    const std::uint32_t surplus = rest == 2 ? 0xFFFFU : 0xFFU;
    if (group > 0xFFFFFFU || (group & surplus) != 0) return false;
    *out++ = static_cast<std::uint8_t>(group >> 16U);
    if (rest == 3) *out = static_cast<std::uint8_t>((group >> 8U) & 0xFFU);
    return true;
}

Result<Bytes> decode(std::string_view text, const DecodeTable& table) {
    Bytes out(text.size() * 3 / 4);
    if (!decodeInto(text, table, out.data())) return badBase64();
    return out;
}

}  // namespace

ByteView asBytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view asText(ByteView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string toHex(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        out += kHexDigits[byte >> 4U];
        out += kHexDigits[byte & 15U];
    }
    return out;
}

Result<Bytes> fromHex(std::string_view text) {
    if (text.size() % 2 != 0) return makeError(ErrorCode::kInvalidInput, "hexadecimal text of odd length");
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexDigit(text[i]);
        const int low = hexDigit(text[i + 1]);
        if (high < 0 || low < 0) return makeError(ErrorCode::kInvalidInput, "not a hexadecimal digit");
        out.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return out;
}

std::string toBase64(ByteView bytes) {
    return encode(bytes, kBase64, true);
}
std::string toBase64Url(ByteView bytes) {
    return encode(bytes, kBase64Url, false);
}

Result<Bytes> fromBase64(std::string_view text) {
    if (text.size() % 4 != 0) return badBase64();
    if (text.ends_with("==")) {
        text.remove_suffix(2);
    } else if (text.ends_with('=')) {
        text.remove_suffix(1);
    }
    return decode(text, kBase64Digits);
}

Result<Bytes> fromBase64Url(std::string_view text) {
    return decode(text, kBase64UrlDigits);
}

std::optional<std::size_t> fromBase64UrlInto(std::string_view text, std::span<std::uint8_t> out) noexcept {
    const std::size_t size = text.size() * 3 / 4;
    if (size > out.size() || !decodeInto(text, kBase64UrlDigits, out.data())) return std::nullopt;
    return size;
}

bool equalConstantTime(ByteView a, ByteView b) noexcept {
    if (a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
    return difference == 0;
}

}  // namespace yimen::core
