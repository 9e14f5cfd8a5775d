#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yimen::net {

/// An IP address with a port, as a value. IPv4 is kept in its IPv4-mapped IPv6 form, so that one comparison serves
/// both and `::ffff:10.0.0.1` cannot slip past a rule written for `10.0.0.1`. Any thread.
struct Address {
    std::array<std::uint8_t, 16> bytes{};
    std::uint16_t port = 0;

    bool isV4() const noexcept;
    /// "10.0.0.1" or "2001:db8::1", without the port.
    std::string text() const;
    bool sameHost(const Address& other) const noexcept { return bytes == other.bytes; }

    /// Reads an IPv4 or IPv6 literal without port, brackets or zone.
    static core::Result<Address> parse(std::string_view literal, std::uint16_t port = 0);
};

/// A network in CIDR form. Any thread.
struct Cidr {
    Address base;
    unsigned prefixBits = 128;  ///< counted on the 128-bit mapped form

    bool contains(const Address& address) const noexcept;
    /// Reads "10.0.0.0/8", "2001:db8::/32" or a single address. Host bits must be zero.
    static core::Result<Cidr> parse(std::string_view text);
};

bool anyContains(std::span<const Cidr> networks, const Address& address) noexcept;

}  // namespace yimen::net
