#include "net/proxy_header.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace yimen::net {
namespace {

constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kFixedBytes = 16;
constexpr std::size_t kMostBytes = 1024;
constexpr unsigned kTlvSsl = 0x20;

unsigned byteAt(std::string_view bytes, std::size_t at) noexcept {
    return static_cast<unsigned char>(bytes[at]);
}

unsigned shortAt(std::string_view bytes, std::size_t at) noexcept {
    return byteAt(bytes, at) * 256U + byteAt(bytes, at + 1);
}

/// PP2_TYPE_SSL whose first byte has PP2_CLIENT_SSL set.
bool saysSecure(std::string_view tlvs) noexcept {
    while (tlvs.size() >= 3) {
        const std::size_t size = shortAt(tlvs, 1);
        if (tlvs.size() < 3 + size) return false;
        if (byteAt(tlvs, 0) == kTlvSsl && size > 0) return (byteAt(tlvs, 3) & 1U) != 0;
        tlvs.remove_prefix(3 + size);
    }
    return false;
}

ProxyHeader bad() noexcept {
    ProxyHeader header;
    header.outcome = ProxyHeader::Outcome::kBad;
    return header;
}

void readSource(std::string_view addresses, std::size_t width, ProxyHeader& header) noexcept {
    if (width == 4) {
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), addresses.data(), bytes.size());
        header.source.ip = core::IpAddress::fromV4(bytes);
    } else {
        core::IpAddress::Bytes bytes{};
        std::memcpy(bytes.data(), addresses.data(), bytes.size());
        header.source.ip = core::IpAddress::fromBytes(bytes);
    }
    header.source.port = static_cast<std::uint16_t>(shortAt(addresses, 2 * width));
    header.hasSource = true;
}

}  // namespace

ProxyHeader parseProxyHeader(std::string_view bytes) noexcept {
    const std::size_t known = std::min(bytes.size(), kSignature.size());
    if (bytes.substr(0, known) != kSignature.substr(0, known)) return bad();
    if (bytes.size() < kFixedBytes) return {};
    const unsigned command = byteAt(bytes, 12);
    const unsigned family = byteAt(bytes, 13);
    const std::size_t size = shortAt(bytes, 14);
    if ((command != 0x20 && command != 0x21) || kFixedBytes + size > kMostBytes) return bad();
    if (bytes.size() < kFixedBytes + size) return {};
    ProxyHeader header;
    header.outcome = ProxyHeader::Outcome::kDone;
    header.length = kFixedBytes + size;
    if (command == 0x20) return header;
    const std::size_t width = family == 0x11 ? 4 : family == 0x21 ? 16 : 0;
    const std::size_t block = 2 * width + 4;
    if (width == 0 || size < block) return bad();
    const std::string_view body = bytes.substr(kFixedBytes, size);
    readSource(body, width, header);
    header.secure = saysSecure(body.substr(block));
    return header;
}

ProxyHeader takeProxyHeader(int fd) noexcept {
    char buffer[kMostBytes];
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, MSG_PEEK);
    if (got < 0 && errno == EAGAIN) return {};
    if (got <= 0) return bad();
    ProxyHeader header = parseProxyHeader({buffer, static_cast<std::size_t>(got)});
    if (header.outcome != ProxyHeader::Outcome::kDone) return header;
    if (::recv(fd, buffer, header.length, 0) != static_cast<ssize_t>(header.length)) return bad();
    return header;
}

}  // namespace yimen::net
