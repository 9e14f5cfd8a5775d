#include "policy/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "core/ascii.h"

namespace yimen::policy {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

core::Error notAnAddress(std::string_view text) {
    return core::makeError(core::ErrorCode::kInvalidInput,
                           "\"" + std::string(text) + "\" is not an IP address or network");
}

}  // namespace

core::Result<IpAddress> IpAddress::parse(std::string_view text) {
    IpAddress address;
    const std::string literal(text);
    if (text.find(':') != std::string_view::npos) {
        if (inet_pton(AF_INET6, literal.c_str(), address.bytes_.data()) != 1) return notAnAddress(text);
        return address;
    }
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes_.begin());
    if (inet_pton(AF_INET, literal.c_str(), &address.bytes_[kMappedPrefix.size()]) != 1) return notAnAddress(text);
    return address;
}

IpAddress IpAddress::fromBytes(const std::array<std::uint8_t, 16>& bytes) noexcept {
    IpAddress address;
    address.bytes_ = bytes;
    return address;
}

bool IpAddress::isV4() const noexcept {
    return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes_.begin());
}

core::Result<Cidr> Cidr::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    Cidr cidr;
    YIMEN_TRY(cidr.first_, IpAddress::parse(text.substr(0, slash)));
    const bool v4 = text.find(':') == std::string_view::npos;
    cidr.bits_ = 128;
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const bool number =
            !digits.empty() && digits.size() <= 3 && std::all_of(digits.begin(), digits.end(), core::isDigit);
        if (!number) return notAnAddress(text);
        const int bits = std::stoi(std::string(digits));
        if (bits > (v4 ? 32 : 128)) return notAnAddress(text);
        cidr.bits_ = v4 ? bits + 96 : bits;
    }
    for (int bit = cidr.bits_; bit < 128; ++bit) {
        const std::uint8_t byte = cidr.first_.bytes()[static_cast<std::size_t>(bit / 8)];
        if ((byte >> (7 - bit % 8)) & 1) {
            return core::makeError(core::ErrorCode::kInvalidInput,
                                   "\"" + std::string(text) + "\" has bits set beyond its prefix");
        }
    }
    return cidr;
}

bool Cidr::contains(const IpAddress& address) const noexcept {
    const auto& mine = first_.bytes();
    const auto& theirs = address.bytes();
    const auto whole = static_cast<std::ptrdiff_t>(bits_ / 8);
    if (!std::equal(mine.begin(), mine.begin() + whole, theirs.begin())) return false;
    const int rest = bits_ % 8;
    if (rest == 0) return true;
    const auto index = static_cast<std::size_t>(whole);
    return ((mine[index] ^ theirs[index]) >> (8 - rest)) == 0;
}

}  // namespace yimen::policy
