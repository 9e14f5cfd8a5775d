#include "net/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace yimen::net {
namespace {

constexpr std::size_t kV4Offset = 12;
constexpr unsigned kV4PrefixBits = 96;

core::Error badAddress(std::string_view text, std::string_view what) {
    return core::makeError(core::ErrorCode::kInvalidInput, "'" + std::string(text) + "' is not " + std::string(what));
}

}  // namespace

bool Address::isV4() const noexcept {
    return std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) && bytes[10] == 0xFF &&
           bytes[11] == 0xFF;
}

std::string Address::text() const {
    char buffer[INET6_ADDRSTRLEN] = {};
    if (isV4()) {
        inet_ntop(AF_INET, bytes.data() + kV4Offset, buffer, sizeof buffer);
    } else {
        inet_ntop(AF_INET6, bytes.data(), buffer, sizeof buffer);
    }
    return buffer;
}

core::Result<Address> Address::parse(std::string_view literal, std::uint16_t port) {
    const std::string text(literal);
    Address address;
    address.port = port;
    if (inet_pton(AF_INET, text.c_str(), address.bytes.data() + kV4Offset) == 1) {
        address.bytes[10] = address.bytes[11] = 0xFF;
        return address;
    }
    if (text.find('\0') == std::string::npos && inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) {
        return address;
    }
    return badAddress(literal, "an IPv4 or IPv6 address");
}

bool Cidr::contains(const Address& address) const noexcept {
    const std::size_t whole = prefixBits / 8;
    if (!std::equal(base.bytes.begin(), base.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.bytes.begin())) {
        return false;
    }
    const unsigned bits = prefixBits % 8;
    if (bits == 0) return true;
    const unsigned mask = (0xFFU << (8 - bits)) & 0xFFU;
    return ((base.bytes[whole] ^ address.bytes[whole]) & mask) == 0;
}

core::Result<Cidr> Cidr::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    YIMEN_TRY(const Address base, Address::parse(text.substr(0, slash)));
    Cidr cidr{base, 128};
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const unsigned most = base.isV4() ? 32 : 128;
        unsigned bits = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (error != std::errc() || end != digits.data() + digits.size() || bits > most) {
            return badAddress(text, "a network such as 10.0.0.0/8");
        }
        cidr.prefixBits = bits + (base.isV4() ? kV4PrefixBits : 0);
    }
    for (unsigned bit = cidr.prefixBits; bit < 128; ++bit) {
        if ((base.bytes[bit / 8] & (0x80U >> (bit % 8))) != 0) {
            return badAddress(text, "a network: bits behind the prefix must be zero");
        }
    }
    return cidr;
}

bool anyContains(std::span<const Cidr> networks, const Address& address) noexcept {
    return std::any_of(networks.begin(), networks.end(), [&](const Cidr& c) { return c.contains(address); });
}

}  // namespace yimen::net
