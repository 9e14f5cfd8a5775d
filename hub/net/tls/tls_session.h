#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "net/transport.h"

namespace yimen::net {

struct SslDeleter {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
struct SslContextDeleter {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using SslPointer = std::unique_ptr<SSL, SslDeleter>;
using SslContextPointer = std::unique_ptr<SSL_CTX, SslContextDeleter>;

/// One TLS connection over a non-blocking descriptor that somebody else owns. Loop thread only. Internal to net.
class TlsSession final : public TlsLayer {
public:
    enum class Side { kServer, kClient };
    /// Null when OpenSSL has no memory.
    static std::unique_ptr<TlsSession> create(SSL_CTX* context, int fd, Side side);

    IoResult handshake() override;
    IoResult read(char* out, std::size_t size) override;
    IoResult write(std::span<const iovec> parts) override;
    void close() noexcept override;
    std::string_view serverName() const noexcept override;
    bool resumed() const noexcept override;
    SSL* ssl() noexcept { return ssl_.get(); }

    /// What the BIO knows: the descriptor, and whether the last read left nothing behind.
    struct Wire {
        int fd = -1;
        bool drained = false;
    };

private:
    IoResult outcome(int result) noexcept;
    IoResult writeSome(const char* data, std::size_t size);

    Wire wire_;
    SslPointer ssl_;
};

/// Options that both sides share: partial writes, released buffers, no renegotiation, no compression.
void applyCommonOptions(SSL_CTX* context) noexcept;

/// Text of the first queued OpenSSL error; empties the queue.
std::string takeSslError();

}  // namespace yimen::net
