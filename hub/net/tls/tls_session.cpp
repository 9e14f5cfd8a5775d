#include "net/tls/tls_session.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace yimen::net {
namespace {

constexpr std::size_t kRecordBytes = 16 * 1024;

TlsSession::Wire& wireOf(BIO* bio) {
    return *static_cast<TlsSession::Wire*>(BIO_get_data(bio));
}

int bioRead(BIO* bio, char* out, std::size_t size, std::size_t* got) {
    TlsSession::Wire& wire = wireOf(bio);
    BIO_clear_retry_flags(bio);
    const ssize_t bytes = ::recv(wire.fd, out, size, 0);
    if (bytes > 0) {
        *got = static_cast<std::size_t>(bytes);
        wire.drained = *got < size;
        return 1;
    }
    *got = 0;
    if (bytes == 0) {
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
        return 0;
    }
    wire.drained = true;
    if (errno == EAGAIN) BIO_set_retry_read(bio);
    return 0;
}

int bioWrite(BIO* bio, const char* data, std::size_t size, std::size_t* sent) {
    BIO_clear_retry_flags(bio);
    const ssize_t bytes = ::send(wireOf(bio).fd, data, size, MSG_NOSIGNAL);
    if (bytes >= 0) {
        *sent = static_cast<std::size_t>(bytes);
        return 1;
    }
    *sent = 0;
    if (errno == EAGAIN) BIO_set_retry_write(bio);
    return 0;
}

long bioControl(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// OpenSSL's own socket BIO cannot say that the kernel's buffer is empty; ours saves one system call per read.
BIO_METHOD* socketMethod() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "yimen socket");
        BIO_meth_set_read_ex(made, bioRead);
        BIO_meth_set_write_ex(made, bioWrite);
        BIO_meth_set_ctrl(made, bioControl);
        return made;
    }();
    return method;
}

}  // namespace

std::unique_ptr<TlsSession> TlsSession::create(SSL_CTX* context, int fd, Side side) {
    auto session = std::make_unique<TlsSession>();
    session->wire_.fd = fd;
    session->ssl_.reset(SSL_new(context));
    BIO* const bio = BIO_new(socketMethod());
    if (session->ssl_ == nullptr || bio == nullptr) {
        BIO_free(bio);
        return nullptr;
    }
    BIO_set_data(bio, &session->wire_);
    BIO_set_init(bio, 1);
    SSL_set_bio(session->ssl_.get(), bio, bio);
    if (side == Side::kServer) {
        SSL_set_accept_state(session->ssl_.get());
    } else {
        SSL_set_connect_state(session->ssl_.get());
    }
    return session;
}

IoResult TlsSession::outcome(int result) noexcept {
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return {IoResult::Kind::kAgain, true, 0};
    const IoResult::Kind kind = error == SSL_ERROR_ZERO_RETURN ? IoResult::Kind::kEnd : IoResult::Kind::kError;
    ERR_clear_error();
    return {kind, true, 0};
}

IoResult TlsSession::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? IoResult{IoResult::Kind::kBytes, false, 0} : outcome(result);
}

IoResult TlsSession::read(char* out, std::size_t size) {
    ERR_clear_error();
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), out, size, &got);
    if (result != 1) return outcome(result);
    return {IoResult::Kind::kBytes, wire_.drained && SSL_has_pending(ssl_.get()) == 0, got};
}

IoResult TlsSession::writeSome(const char* data, std::size_t size) {
    ERR_clear_error();
    std::size_t sent = 0;
    const int result = SSL_write_ex(ssl_.get(), data, size, &sent);
    if (result != 1) return outcome(result);
    return {IoResult::Kind::kBytes, false, sent};
}

/// One record takes up to 16 KiB from all parts, so that a head and its body travel together. A record that did not
/// fit into the socket is tried again with the same bytes in front, which is what the callers' queues give.
IoResult TlsSession::write(std::span<const iovec> parts) {
    // One for all sessions of a loop; on the heap because mold 1.10 misplaces large thread-local arrays.
    static thread_local const std::unique_ptr<char[]> buffer = std::make_unique<char[]>(kRecordBytes);
    char* const record = buffer.get();
    IoResult total{IoResult::Kind::kBytes, false, 0};
    std::size_t part = 0;
    std::size_t offset = 0;
    while (part < parts.size()) {
        std::size_t size = 0;
        while (part < parts.size() && size < kRecordBytes) {
            const std::size_t take = std::min(kRecordBytes - size, parts[part].iov_len - offset);
            if (take > 0) std::memcpy(record + size, static_cast<const char*>(parts[part].iov_base) + offset, take);
            size += take;
            offset += take;
            if (offset == parts[part].iov_len) {
                ++part;
                offset = 0;
            }
        }
        if (size == 0) break;
        const IoResult step = writeSome(record, size);
        total.bytes += step.bytes;
        if (step.kind != IoResult::Kind::kBytes) {
            if (step.kind != IoResult::Kind::kAgain || total.bytes == 0) total.kind = step.kind;
            return total;
        }
    }
    return total;
}

void TlsSession::close() noexcept {
    if (SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

std::string_view TlsSession::serverName() const noexcept {
    const char* const name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
    return name != nullptr ? std::string_view(name) : std::string_view();
}

bool TlsSession::resumed() const noexcept {
    return SSL_session_reused(ssl_.get()) == 1;
}

void applyCommonOptions(SSL_CTX* context) noexcept {
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_read_ahead(context, 1);
}

std::string takeSslError() {
    char text[256] = "unknown";
    if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
    ERR_clear_error();
    return text;
}

}  // namespace yimen::net
