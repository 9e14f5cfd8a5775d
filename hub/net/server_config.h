#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "net/address.h"

namespace yimen::net {

/// A certificate chain with its key, PEM files. Chosen by SNI from the certificate's DNS names (exact, then
/// wildcard); the first of a listener answers when none fits.
struct TlsFiles {
    std::string certificateFile;
    std::string keyFile;
};

struct ListenerConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;         ///< 0: any; Server::port() tells
    std::vector<TlsFiles> tls;      ///< empty: plain HTTP
    bool proxyProtocol = false;     ///< every connection must start with a PROXY v2 header, from trusted peers only
    bool forwardedHeaders = false;  ///< believe X-Forwarded-For and X-Forwarded-Proto of trusted peers
    std::vector<core::Cidr> trustedPeers;  ///< TLS terminators and balancers
};

/// Every limit of the data plane by name, with its default. 0 means "no limit" only where it says so.
struct ServerLimits {
    std::size_t maxHeadBytes = 32 * 1024;  ///< request line and fields; at most 60 KiB
    std::size_t maxTargetBytes = 8 * 1024;
    std::size_t maxFieldBytes = 16 * 1024;
    unsigned maxFields = 100;
    std::uint64_t maxBodyBytes = 0;                ///< of a forwarded request; 0: no limit
    bool underscoreNames = false;                  ///< false: field names with '_' are dropped (CGI spelling attacks)
    std::chrono::milliseconds headTimeout{15000};  ///< first byte until the end of the head
    std::chrono::milliseconds bodyTimeout{30000};  ///< between two reads of a body
    std::uint64_t minBodyRate = 256;               ///< bytes per second, averaged, after bodyRateGrace; 0: no limit
    std::chrono::milliseconds bodyRateGrace{20000};
    std::chrono::milliseconds keepAliveTimeout{75000};
    std::chrono::milliseconds writeTimeout{60000};  ///< the client takes nothing
    std::chrono::milliseconds handshakeTimeout{10000};
    std::chrono::milliseconds holdTimeout{60000};      ///< an exchange waits for a worker's result
    std::chrono::milliseconds tunnelTimeout{3600000};  ///< nothing in either direction after 101
    std::chrono::milliseconds lingerTimeout{2000};     ///< reading on after an early answer, so that it arrives
    unsigned maxConnections = 16000;                   ///< over all loops
    unsigned maxConnectionsPerClient = 512;            ///< by client address (IPv6: by /64); trusted peers are exempt
    std::uint64_t maxRequestsPerConnection = 100000;
    std::size_t bytesPerTurn = 256 * 1024;  ///< moved per connection before the others get their turn
    bool abortOnHalfClose = false;          ///< a client's FIN while it waits counts as gone
};

struct ServerConfig {
    std::vector<ListenerConfig> listeners;
    unsigned loops = 0;  ///< 0: one per core
    ServerLimits limits;
    std::chrono::seconds ticketKeyLifetime{12 * 3600};  ///< TLS ticket keys: one in use, one more accepted
};

}  // namespace yimen::net
