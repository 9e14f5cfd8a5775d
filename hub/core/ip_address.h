#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yimen::core {

/// An IPv4 or IPv6 address in one form: IPv4 as ::ffff:a.b.c.d, so that one comparison serves both and a mapped address
/// cannot slip past a rule written for the plain one. A value; any thread.
class IpAddress {
public:
    using Bytes = std::array<std::uint8_t, 16>;

    IpAddress() = default;
    /// Textual form of RFC 4291 section 2.2 or dotted decimal without leading zeros. No zone id, port or brackets.
    static Result<IpAddress> parse(std::string_view text);
    /// Sixteen bytes in network order, IPv4 mapped.
    static IpAddress fromBytes(const Bytes& bytes) noexcept;
    /// The four bytes of an IPv4 address in network order.
    static IpAddress fromV4(std::span<const std::uint8_t, 4> bytes) noexcept;

    bool isV4() const noexcept;
    const Bytes& bytes() const noexcept { return bytes_; }
    /// The four bytes of an IPv4 address; meaningful when isV4().
    std::span<const std::uint8_t, 4> v4Bytes() const noexcept { return std::span(bytes_).last<4>(); }
    /// "10.0.0.1" or "2001:db8::1".
    std::string text() const;
    /// The first address of the network of that many leading bits (of 128; an IPv4 address has 96 more than usual).
    IpAddress firstOf(unsigned bits) const noexcept;
    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

private:
    Bytes bytes_{};
};

/// "10.0.0.0/8", "2001:db8::/32", or a single address. Refuses bits set beyond the prefix. A value; any thread.
class Cidr {
public:
    static Result<Cidr> parse(std::string_view text);
    bool contains(const IpAddress& address) const noexcept { return address.firstOf(bits_) == first_; }
    const IpAddress& first() const noexcept { return first_; }
    /// True when every address of `other` is in this one.
    bool covers(const Cidr& other) const noexcept { return bits_ <= other.bits_ && contains(other.first_); }

private:
    IpAddress first_;
    unsigned bits_ = 0;  ///< of 128
};

/// Any thread.
bool anyContains(std::span<const Cidr> networks, const IpAddress& address) noexcept;

}  // namespace yimen::core
