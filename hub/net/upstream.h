#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace yimen::net {

/// One server of a system.
struct Origin {
    std::string host;  ///< name or address literal
    std::uint16_t port = 0;
};

/// How to trust a system's TLS. The default is strict: system CAs, name checked, TLS 1.2 or later.
struct UpstreamTls {
    bool enabled = false;
    std::string caFile;  ///< PEM; empty: the system's CAs
    /// Lower-case hex SHA-256 of the certificate's DER form; when set it replaces chain and name checks.
    std::string pinnedSha256;
    std::string serverName;   ///< for SNI and the name check; empty: the origin's host
    bool allowTls10 = false;  ///< minimum version 1.0 for systems that cannot do better
};

/// Settings of one back end. A value; every limit has its default here.
struct UpstreamConfig {
    std::string name;  ///< system id, for logs and metrics
    std::vector<Origin> origins;
    UpstreamTls tls;
    std::chrono::milliseconds connectTimeout{5000};  ///< waiting for a free connection, TCP and TLS together
    std::chrono::milliseconds readTimeout{60000};    ///< between two reads of a response
    std::chrono::milliseconds totalTimeout{0};       ///< request handed over until the end of the answer; 0: none
    std::chrono::milliseconds idleTimeout{30000};    ///< an unused connection is closed; keep it below the system's
    unsigned maxConnections = 1024;                  ///< over all loops, idle ones too
    unsigned maxWaiting = 1024;                      ///< exchanges waiting for a connection, over all loops
    std::size_t maxResponseHeadBytes = 48 * 1024;
    unsigned failuresToEject = 5;  ///< consecutive; connect errors, TLS errors, resets before a head
    std::chrono::milliseconds ejectMin{1000};
    std::chrono::milliseconds ejectMax{30000};
    std::chrono::milliseconds dnsRefresh{30000};
};

/// State of one origin for pages and metrics.
struct OriginState {
    std::string host;
    std::uint16_t port = 0;
    bool resolved = false;
    bool ejected = false;
    unsigned consecutiveFailures = 0;
    std::uint64_t requests = 0;
    std::uint64_t failures = 0;
};

/// A back end shared by all loops: origins, their addresses and health. The connections are kept per loop and go
/// away soon after the last shared_ptr does. Thread-safe.
class UpstreamGroup {
public:
    /// Refuses a config without origins, with port 0, or with unreadable TLS files. Literals are ready at once; names
    /// are looked up by a background thread and refreshed there, never on a loop.
    static core::Result<std::shared_ptr<UpstreamGroup>> create(UpstreamConfig config, const core::Clock& clock);

    virtual ~UpstreamGroup() = default;
    virtual const UpstreamConfig& config() const noexcept = 0;
    virtual std::vector<OriginState> state() const = 0;
};

}  // namespace yimen::net
