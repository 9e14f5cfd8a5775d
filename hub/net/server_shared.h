#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "core/random.h"
#include "net/client_limits.h"
#include "net/server_config.h"
#include "net/shared_value.h"

namespace yimen::net {

class TlsServer;

/// One listener's settings and certificates. Lives as long as the server. Internal to net.
struct ListenerState {
    ListenerConfig config;
    std::uint32_t index = 0;
    std::uint16_t port = 0;
    SharedValue<TlsServer> tls;
};

/// What all loops of a server share. Thread-safe. Internal to net.
struct ServerShared {
    ServerShared(const ServerLimits& serverLimits, core::Random& source, unsigned loops)
        : limits(serverLimits), random(source), loopCount(loops), clients(serverLimits.maxConnectionsPerClient) {}

    const ServerLimits limits;
    core::Random& random;
    const unsigned loopCount;
    ClientLimits clients;
    std::atomic<unsigned> connections{0};
};

}  // namespace yimen::net
