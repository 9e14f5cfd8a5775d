#pragma once

#include <array>
#include <memory>
#include <string>

#include "core/result.h"
#include "net/tls/tls_session.h"
#include "net/upstream.h"

namespace yimen::net {

/// How one upstream group's TLS is opened and verified. Immutable; any thread. Internal to net.
class TlsClient {
public:
    /// The error names what cannot be used.
    static core::Result<std::shared_ptr<TlsClient>> create(const UpstreamTls& settings);

    /// TLS towards a server that must prove to be `serverName`; null without memory.
    std::unique_ptr<TlsLayer> connect(int fd, const std::string& serverName) const;

private:
    static int checkPin(X509_STORE_CTX* chain, void* self);

    SslContextPointer context_;
    bool pinned_ = false;
    std::array<unsigned char, 32> pin_{};
};

}  // namespace yimen::net
