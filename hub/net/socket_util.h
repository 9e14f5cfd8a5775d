#pragma once

#include <sys/socket.h>

#include "core/result.h"
#include "net/address.h"
#include "net/transport.h"

namespace yimen::net {

/// Address <-> sockaddr; IPv4-mapped addresses become AF_INET. Internal to net.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    explicit SocketAddress(const Address& address) noexcept;
    const sockaddr* get() const noexcept;
    static Address read(const sockaddr_storage& storage) noexcept;
};

/// A non-blocking listening socket with SO_REUSEPORT; accepted sockets inherit TCP_NODELAY.
core::Result<FileDescriptor> openListener(const Address& address);
/// Port of a bound socket.
std::uint16_t boundPort(int fd) noexcept;
/// A non-blocking socket that is being connected; closed when that failed at once.
FileDescriptor startConnect(const Address& address) noexcept;
/// errno of a finished connect, 0 when it worked.
int connectError(int fd) noexcept;

}  // namespace yimen::net
