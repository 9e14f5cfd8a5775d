#pragma once

#include <cstdint>
#include <string_view>

#include "core/ip_address.h"

namespace yimen::net {

/// Where a connection comes from or goes to. A value; any thread.
struct Address {
    core::IpAddress ip;
    std::uint16_t port = 0;

    /// Reads an IPv4 or IPv6 literal without port, brackets or zone.
    static core::Result<Address> parse(std::string_view literal, std::uint16_t port = 0) {
        YIMEN_TRY(const auto ip, core::IpAddress::parse(literal));
        return Address{ip, port};
    }
};

}  // namespace yimen::net
