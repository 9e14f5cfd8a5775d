#include "net/tls/tls_client.h"

#include <openssl/crypto.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "core/bytes.h"
#include "net/address.h"

// OpenSSL hides C casts in its function-like macros.
#pragma GCC diagnostic ignored "-Wold-style-cast"

namespace yimen::net {

core::Result<std::shared_ptr<TlsClient>> TlsClient::create(const UpstreamTls& settings) {
    auto client = std::make_shared<TlsClient>();
    client->context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* const raw = client->context_.get();
    if (raw == nullptr) return core::makeError(core::ErrorCode::kInternal, "OpenSSL has no memory");
    applyCommonOptions(raw);
    SSL_CTX_set_min_proto_version(raw, settings.allowTls10 ? TLS1_VERSION : TLS1_2_VERSION);
    // TLS 1.0 signs with SHA-1, which OpenSSL 3 allows at level 0 only.
    if (settings.allowTls10) SSL_CTX_set_cipher_list(raw, "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
    if (!settings.pinnedSha256.empty()) {
        const core::Result<core::Bytes> pin = core::fromHex(settings.pinnedSha256);
        if (!pin.ok() || (*pin).size() != client->pin_.size()) {
            return core::makeError(core::ErrorCode::kInvalidInput, "pinnedSha256 must be 64 hexadecimal digits");
        }
        std::copy((*pin).begin(), (*pin).end(), client->pin_.begin());
        client->pinned_ = true;
        SSL_CTX_set_cert_verify_callback(raw, &TlsClient::checkPin, client.get());
        return client;
    }
    const bool loaded = settings.caFile.empty() ? SSL_CTX_set_default_verify_paths(raw) == 1
                                                : SSL_CTX_load_verify_file(raw, settings.caFile.c_str()) == 1;
    if (!loaded) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "cannot use the CA file '" + settings.caFile + "': " + takeSslError());
    }
    return client;
}

/// In place of chain and name checks: this certificate and no other.
int TlsClient::checkPin(X509_STORE_CTX* chain, void* self) {
    const auto* const client = static_cast<const TlsClient*>(self);
    X509* const leaf = X509_STORE_CTX_get0_cert(chain);
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    const bool match = leaf != nullptr && X509_digest(leaf, EVP_sha256(), digest.data(), &size) == 1 &&
                       size == digest.size() && CRYPTO_memcmp(digest.data(), client->pin_.data(), digest.size()) == 0;
    if (!match) X509_STORE_CTX_set_error(chain, X509_V_ERR_CERT_REJECTED);
    return match ? 1 : 0;
}

std::unique_ptr<TlsLayer> TlsClient::connect(int fd, const std::string& serverName) const {
    std::unique_ptr<TlsSession> session = TlsSession::create(context_.get(), fd, TlsSession::Side::kClient);
    if (!session) return nullptr;
    SSL* const ssl = session->ssl();
    const bool literal = Address::parse(serverName).ok();
    if (!literal) SSL_set_tlsext_host_name(ssl, serverName.c_str());
    if (!pinned_) {
        X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl);
        X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        const int named = literal ? X509_VERIFY_PARAM_set1_ip_asc(rules, serverName.c_str())
                                  : X509_VERIFY_PARAM_set1_host(rules, serverName.c_str(), serverName.size());
        if (named != 1) return nullptr;
    }
    return session;
}

}  // namespace yimen::net
