#pragma once

#include <cstddef>
#include <string_view>

#include "net/address.h"

namespace yimen::net {

/// What a PROXY protocol version 2 header says (haproxy.org, proxy-protocol.txt section 2.2). Internal to net.
struct ProxyHeader {
    enum class Outcome { kMore, kDone, kBad };
    Outcome outcome = Outcome::kMore;
    bool hasSource = false;  ///< false: a LOCAL connection (health check of the balancer)
    bool secure = false;     ///< the client spoke TLS to the balancer
    Address source;
    std::size_t length = 0;  ///< bytes of the header
};

/// Reads a header at the start of `bytes`. Only TCP over IPv4 or IPv6, at most 1 KiB.
ProxyHeader parseProxyHeader(std::string_view bytes) noexcept;

/// Takes the header off the socket, and not one byte more: what follows may belong to TLS.
ProxyHeader takeProxyHeader(int fd) noexcept;

}  // namespace yimen::net
