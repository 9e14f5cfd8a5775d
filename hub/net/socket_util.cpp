#include "net/socket_util.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace yimen::net {

SocketAddress::SocketAddress(const Address& address) noexcept {
    if (address.ip.isV4()) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(address.port);
        std::memcpy(&v4.sin_addr, address.ip.v4Bytes().data(), 4);
        std::memcpy(&storage, &v4, sizeof v4);
        length = sizeof v4;
    } else {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(address.port);
        std::memcpy(&v6.sin6_addr, address.ip.bytes().data(), 16);
        std::memcpy(&storage, &v6, sizeof v6);
        length = sizeof v6;
    }
}

const sockaddr* SocketAddress::get() const noexcept {
    return static_cast<const sockaddr*>(static_cast<const void*>(&storage));
}

Address SocketAddress::read(const sockaddr_storage& storage) noexcept {
    Address address;
    if (storage.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &storage, sizeof v4);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
        address.ip = core::IpAddress::fromV4(bytes);
        address.port = ntohs(v4.sin_port);
    } else if (storage.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &storage, sizeof v6);
        core::IpAddress::Bytes bytes{};
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        address.ip = core::IpAddress::fromBytes(bytes);
        address.port = ntohs(v6.sin6_port);
    }
    return address;
}

core::Result<FileDescriptor> openListener(const Address& address) {
    constexpr int kBacklog = 4096;
    const SocketAddress where(address);
    FileDescriptor fd(::socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    const bool ready = fd.open() && ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                       ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0 &&
                       ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
                       (address.ip.isV4() || ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
                       ::bind(fd.get(), where.get(), where.length) == 0 && ::listen(fd.get(), kBacklog) == 0;
    if (ready) return fd;
    return core::makeError(core::ErrorCode::kUnavailable, "cannot listen on " + address.ip.text() + " port " +
                                                              std::to_string(address.port) + ": " +
                                                              std::system_category().message(errno));
}

std::uint16_t boundPort(int fd) noexcept {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (::getsockname(fd, static_cast<sockaddr*>(static_cast<void*>(&storage)), &length) != 0) return 0;
    return SocketAddress::read(storage).port;
}

FileDescriptor startConnect(const Address& address) noexcept {
    const SocketAddress where(address);
    FileDescriptor fd(::socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.open()) return fd;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd.get(), where.get(), where.length) != 0 && errno != EINPROGRESS) fd.reset();
    return fd;
}

int connectError(int fd) noexcept {
    int error = 0;
    socklen_t length = sizeof error;
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
    return error;
}

}  // namespace yimen::net
