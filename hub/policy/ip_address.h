#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

#include "core/result.h"

namespace yimen::policy {

/// An IPv4 or IPv6 address in one form: IPv4 as ::ffff:a.b.c.d, so that a mapped address is the same address.
/// A value; any thread.
class IpAddress {
public:
    IpAddress() = default;
    /// Textual form of RFC 4291 section 2.2 or dotted decimal without leading zeros. No zone id, port or brackets.
    static core::Result<IpAddress> parse(std::string_view text);
    /// Sixteen bytes in network order, IPv4 mapped: what net::Address::bytes holds.
    static IpAddress fromBytes(const std::array<std::uint8_t, 16>& bytes) noexcept;

    bool isV4() const noexcept;
    const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// "10.0.0.0/8", "2001:db8::/32", or a single address. Refuses bits set beyond the prefix.
class Cidr {
public:
    static core::Result<Cidr> parse(std::string_view text);
    bool contains(const IpAddress& address) const noexcept;
    const IpAddress& first() const noexcept { return first_; }
    /// True when every address of `other` is in this one.
    bool covers(const Cidr& other) const noexcept { return bits_ <= other.bits_ && contains(other.first_); }

private:
    IpAddress first_;
    int bits_ = 0;  ///< of 128
};

}  // namespace yimen::policy
