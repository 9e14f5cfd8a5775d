#include "core/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace yimen::core {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned kMappedBits = 96;
constexpr unsigned kAllBits = 128;

Error bad(std::string_view text, std::string_view what) {
    return makeError(ErrorCode::kInvalidInput, "\"" + std::string(text) + "\" " + std::string(what));
}

bool isV6Text(std::string_view text) noexcept {
    return text.find(':') != std::string_view::npos;
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
    // inet_pton ends at a NUL and would take what stands before it for all.
    const std::string literal(text.find('\0') == std::string_view::npos ? text : std::string_view());
    IpAddress address;
    if (isV6Text(text)) {
        if (inet_pton(AF_INET6, literal.c_str(), address.bytes_.data()) == 1) return address;
    } else {
        std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes_.begin());
        if (inet_pton(AF_INET, literal.c_str(), &address.bytes_[kMappedPrefix.size()]) == 1) return address;
    }
    return bad(text, "is not an IPv4 or IPv6 address");
}

IpAddress IpAddress::fromBytes(const Bytes& bytes) noexcept {
    IpAddress address;
    address.bytes_ = bytes;
    return address;
}

IpAddress IpAddress::fromV4(std::span<const std::uint8_t, 4> bytes) noexcept {
    IpAddress address;
    const auto rest = std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes_.begin());
    std::copy(bytes.begin(), bytes.end(), rest);
    return address;
}

bool IpAddress::isV4() const noexcept {
    return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes_.begin());
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> out{};
    const bool v4 = isV4();
    const void* const from = v4 ? v4Bytes().data() : bytes_.data();
    if (inet_ntop(v4 ? AF_INET : AF_INET6, from, out.data(), out.size()) == nullptr) return {};
    return out.data();
}

IpAddress IpAddress::firstOf(unsigned bits) const noexcept {
    IpAddress first = *this;
    const std::size_t whole = bits / 8;
    if (whole >= first.bytes_.size()) return first;
    const unsigned mask = 0xFF00U >> (bits % 8);
    first.bytes_[whole] = static_cast<std::uint8_t>(first.bytes_[whole] & mask);
    std::fill(first.bytes_.begin() + static_cast<std::ptrdiff_t>(whole) + 1, first.bytes_.end(), std::uint8_t{0});
    return first;
}

Result<Cidr> Cidr::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    Cidr cidr;
    cidr.bits_ = kAllBits;
    YIMEN_TRY(cidr.first_, IpAddress::parse(text.substr(0, slash)));
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        // What the writer counted from: dotted decimal from 32, anything with a colon from 128.
        const unsigned before = isV6Text(text) ? 0 : kMappedBits;
        unsigned bits = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (error != std::errc() || end != digits.data() + digits.size() || bits > kAllBits - before) {
            return bad(text, "is not a network such as 10.0.0.0/8");
        }
        cidr.bits_ = bits + before;
    }
    if (!cidr.contains(cidr.first_)) return bad(text, "has bits set beyond its prefix");
    return cidr;
}

bool anyContains(std::span<const Cidr> networks, const IpAddress& address) noexcept {
    return std::any_of(networks.begin(), networks.end(), [&](const Cidr& c) { return c.contains(address); });
}

}  // namespace yimen::core
