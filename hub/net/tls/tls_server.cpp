#include "net/tls/tls_server.h"

#include <openssl/x509v3.h>

#include "core/ascii.h"
#include "net/tls/ticket_keys.h"

// OpenSSL hides C casts in its function-like macros.
#pragma GCC diagnostic ignored "-Wold-style-cast"

namespace yimen::net {
namespace {

std::vector<std::string> dnsNames(X509* certificate) {
    std::vector<std::string> names;
    auto* const list =
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(list); ++i) {
        const GENERAL_NAME* const name = sk_GENERAL_NAME_value(list, i);
        if (name->type != GEN_DNS) continue;
        const auto* const text =
            static_cast<const char*>(static_cast<const void*>(ASN1_STRING_get0_data(name->d.dNSName)));
        const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName));
        names.push_back(core::lowerCase({text, size}));
    }
    GENERAL_NAMES_free(list);
    return names;
}

/// HTTP/1.1 whatever else is offered; the place where "h2" will be chosen.
// NOLINTNEXTLINE(readability-function-size): OpenSSL names the parameters
int onAlpn(SSL*, const unsigned char** out, unsigned char* outSize, const unsigned char* in, unsigned inSize, void*) {
    constexpr std::string_view kProtocol = "http/1.1";
    for (unsigned at = 0; at + 1U + in[at] <= inSize; at += 1U + in[at]) {
        const auto* const text = static_cast<const char*>(static_cast<const void*>(in + at + 1));
        if (std::string_view(text, in[at]) != kProtocol) continue;
        *out = in + at + 1;
        *outSize = in[at];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

core::Error badFile(const std::string& file, const char* what) {
    return core::makeError(core::ErrorCode::kInvalidInput, std::string(what) + " '" + file + "': " + takeSslError());
}

}  // namespace

core::Result<std::shared_ptr<TlsServer>> TlsServer::create(const std::vector<TlsFiles>& files, TicketKeys& keys) {
    auto server = std::make_shared<TlsServer>();
    for (const TlsFiles& one : files) YIMEN_TRY_STATUS(server->add(one, keys));
    return server;
}

core::Status TlsServer::add(const TlsFiles& files, TicketKeys& keys) {
    SslContextPointer context(SSL_CTX_new(TLS_server_method()));
    if (!context) return core::makeError(core::ErrorCode::kInternal, "OpenSSL has no memory");
    SSL_CTX* const raw = context.get();
    applyCommonOptions(raw);
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_options(raw, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    if (SSL_CTX_use_certificate_chain_file(raw, files.certificateFile.c_str()) != 1) {
        return badFile(files.certificateFile, "cannot use the certificate chain");
    }
    if (SSL_CTX_use_PrivateKey_file(raw, files.keyFile.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(raw) != 1) {
        return badFile(files.keyFile, "cannot use the private key");
    }
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
    const unsigned char kContextId[] = "yimen";
    SSL_CTX_set_session_id_context(raw, kContextId, sizeof kContextId - 1);
    SSL_CTX_set_num_tickets(raw, 1);
    keys.install(raw);
    SSL_CTX_set_alpn_select_cb(raw, onAlpn, nullptr);
    SSL_CTX_set_tlsext_servername_callback(raw, &TlsServer::onServerName);
    SSL_CTX_set_tlsext_servername_arg(raw, this);
    for (const std::string& name : dnsNames(SSL_CTX_get0_certificate(raw))) byName_.emplace(name, raw);
    contexts_.push_back(std::move(context));
    return {};
}

SSL_CTX* TlsServer::choose(std::string_view name) const {
    const std::string lower = core::lowerCase(name);
    if (const auto exact = byName_.find(lower); exact != byName_.end()) return exact->second;
    const std::size_t dot = lower.find('.');
    if (dot == std::string::npos) return nullptr;
    const auto wildcard = byName_.find("*" + lower.substr(dot));
    return wildcard != byName_.end() ? wildcard->second : nullptr;
}

int TlsServer::onServerName(SSL* ssl, int*, void* self) {
    const char* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (name == nullptr) return SSL_TLSEXT_ERR_OK;
    SSL_CTX* const context = static_cast<const TlsServer*>(self)->choose(name);
    if (context != nullptr) SSL_set_SSL_CTX(ssl, context);
    return SSL_TLSEXT_ERR_OK;
}

std::unique_ptr<TlsLayer> TlsServer::accept(int fd) const {
    return TlsSession::create(contexts_.front().get(), fd, TlsSession::Side::kServer);
}

}  // namespace yimen::net
