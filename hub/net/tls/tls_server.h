#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "net/server_config.h"
#include "net/tls/tls_session.h"

namespace yimen::net {

class TicketKeys;

/// The certificates of one listener. Immutable; any thread. Internal to net.
class TlsServer {
public:
    /// Reads and checks the files; the error names the file. `keys` must outlive the result.
    static core::Result<std::shared_ptr<TlsServer>> create(const std::vector<TlsFiles>& files, TicketKeys& keys);

    /// TLS for an accepted connection; null without memory. The session keeps what it needs of the certificates.
    std::unique_ptr<TlsLayer> accept(int fd) const;

private:
    core::Status add(const TlsFiles& files, TicketKeys& keys);
    SSL_CTX* choose(std::string_view name) const;
    static int onServerName(SSL* ssl, int* alert, void* self);

    std::vector<SslContextPointer> contexts_;
    std::unordered_map<std::string, SSL_CTX*> byName_;  ///< "host" or "*.domain", lower case
};

}  // namespace yimen::net
