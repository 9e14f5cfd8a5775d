#include "identity/totp.h"

#include <algorithm>
#include <array>

#include "core/ascii.h"
#include "core/url.h"
#include "crypto/digest.h"

namespace yimen::identity {

namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kLongestTyped = 64;

/// U+FF10..U+FF19 in UTF-8.
constexpr std::string_view kFullWidthPrefix = "\xEF\xBC";
constexpr unsigned char kFullWidthZero = 0x90;

}  // namespace

std::string hotp(core::ByteView seed, std::uint64_t counter, int digits) {
    std::array<std::uint8_t, 8> message{};
    for (std::size_t i = 0; i < message.size(); ++i) {
        message[message.size() - 1 - i] = static_cast<std::uint8_t>(counter >> (8 * i));
    }
    const core::Bytes mac = crypto::hmac(crypto::DigestAlgorithm::kSha1, seed, message);
    const std::size_t offset = mac.back() & 0x0fU;
    std::uint32_t number = mac[offset] & 0x7fU;
    for (std::size_t i = 1; i < 4; ++i) number = number << 8 | mac[offset + i];
    std::string code(static_cast<std::size_t>(digits), '0');
    for (auto digit = code.rbegin(); digit != code.rend(); ++digit, number /= 10) {
        *digit = static_cast<char>('0' + number % 10);
    }
    return code;
}

std::int64_t totpStepAt(core::WallTime time) noexcept {
    return std::max<std::int64_t>(core::toUnixSeconds(time), 0) / kTotpStep.count();
}

std::optional<std::int64_t> matchTotp(core::ByteView seed, std::string_view code, core::WallTime now, int window) {
    const std::int64_t middle = totpStepAt(now);
    std::optional<std::int64_t> found;
    for (std::int64_t step = std::max<std::int64_t>(middle - window, 0); step <= middle + window; ++step) {
        const std::string expected = hotp(seed, static_cast<std::uint64_t>(step));
        if (core::equalConstantTime(core::asBytes(expected), core::asBytes(code))) found = step;
    }
    return found;
}

std::optional<std::string> readTotpCode(std::string_view typed) {
    if (typed.size() > kLongestTyped) return std::nullopt;
    std::string digits;
    while (!typed.empty()) {
        std::size_t taken = 1;
        const char c = typed.front();
        if (core::isDigit(c)) {
            digits += c;
        } else if (typed.size() >= 3 && typed.starts_with(kFullWidthPrefix)) {
            const unsigned value = static_cast<unsigned char>(typed[2]) - unsigned{kFullWidthZero};
            if (value > 9) return std::nullopt;
            digits += static_cast<char>('0' + value);
            taken = 3;
        } else if (c != ' ' && c != '-') {
            return std::nullopt;
        }
        typed.remove_prefix(taken);
    }
    if (digits.size() != static_cast<std::size_t>(kTotpDigits)) return std::nullopt;
    return digits;
}

std::string toBase32(core::ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() * 8 + 4) / 5);  // no copy of a seed is left behind by growing
    std::uint32_t pending = 0;
    unsigned bits = 0;
    for (const std::uint8_t byte : bytes) {
        pending = pending << 8 | byte;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += kBase32[pending >> bits & 31U];
        }
        pending &= (1U << bits) - 1U;
    }
    if (bits > 0) text += kBase32[pending << (5 - bits) & 31U];
    return text;
}

core::Secret otpauthUri(std::string_view issuer, std::string_view account, core::ByteView seed) {
    const std::string name = core::percentEncode(issuer);
    const std::string who = core::percentEncode(account);
    std::string base32 = toBase32(seed);
    std::string uri;
    uri.reserve(128 + 2 * name.size() + who.size());
    uri += "otpauth://totp/";
    uri += name;
    uri += ':';
    uri += who;
    uri += "?secret=";
    uri += base32;
    uri += "&issuer=";
    uri += name;
    uri += "&algorithm=SHA1&digits=6&period=30";
    core::wipeText(base32);
    return core::Secret(std::move(uri));
}

}  // namespace yimen::identity
