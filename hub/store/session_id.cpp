#include "store/session_store.h"

namespace yimen::store {

namespace {

constexpr std::size_t kDigits = 16;  // of one half

void appendHex(std::string& text, std::uint64_t half) {
    constexpr std::string_view kHex = "0123456789abcdef";
    for (unsigned shift = 64; shift > 0;) {
        shift -= 4;
        text.push_back(kHex[(half >> shift) & 0xFU]);
    }
}

std::optional<std::uint64_t> readHex(std::string_view text) {
    std::uint64_t half = 0;
    for (const char digit : text) {
        std::uint64_t value = 0;
        if (digit >= '0' && digit <= '9') {
            value = static_cast<std::uint64_t>(digit - '0');
        } else if (digit >= 'a' && digit <= 'f') {
            value = static_cast<std::uint64_t>(digit - 'a') + 10U;
        } else {
            return std::nullopt;
        }
        half = (half << 4U) | value;
    }
    return half;
}

}  // namespace

std::string SessionId::hex() const {
    std::string text;
    text.reserve(2 * kDigits);
    appendHex(text, high);
    appendHex(text, low);
    return text;
}

std::optional<SessionId> SessionId::fromHex(std::string_view text) {
    if (text.size() != 2 * kDigits) return std::nullopt;
    const auto high = readHex(text.substr(0, kDigits));
    const auto low = readHex(text.substr(kDigits));
    if (!high || !low) return std::nullopt;
    return SessionId{*high, *low};
}

}  // namespace yimen::store
