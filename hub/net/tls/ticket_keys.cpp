#include "net/tls/ticket_keys.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>

namespace yimen::net {
namespace {

constexpr std::size_t kIvBytes = 16;

bool setMacKey(EVP_MAC_CTX* mac, const std::array<unsigned char, 32>& key) {
    char digest[] = "SHA256";
    auto* const bytes = const_cast<unsigned char*>(key.data());  // OSSL_PARAM wants it so, and reads only
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, bytes, key.size()),
                                 OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(mac, params) == 1;
}

}  // namespace

TicketKeys::TicketKeys(core::Random& random, const core::Clock& clock, std::chrono::seconds lifetime)
    : random_(random), clock_(clock), lifetime_(lifetime) {}

TicketKeys::~TicketKeys() {
    for (Key& key : keys_) OPENSSL_cleanse(&key, sizeof key);
}

void TicketKeys::install(SSL_CTX* context) {
    SSL_CTX_set_app_data(context, this);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &TicketKeys::callback);
}

// NOLINTNEXTLINE(readability-function-size): OpenSSL names the parameters
int TicketKeys::callback(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                         int encrypt) {
    auto* const self = static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    const std::lock_guard lock(self->mutex_);
    self->rotate();
    return encrypt == 1 ? self->seal(name, iv, cipher, mac) : self->open(name, iv, cipher, mac);
}

void TicketKeys::rotate() {
    const core::MonoTime now = clock_.mono();
    if (!keys_.empty() && now - keys_.front().made < lifetime_) return;
    while (!keys_.empty() && now - keys_.back().made >= 2 * lifetime_) {
        OPENSSL_cleanse(&keys_.back(), sizeof(Key));
        keys_.pop_back();
    }
    Key key;
    random_.fill(key.name);
    random_.fill(key.cipherKey);
    random_.fill(key.macKey);
    key.made = now;
    keys_.insert(keys_.begin(), key);
}

int TicketKeys::seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
    const Key& key = keys_.front();
    std::copy(key.name.begin(), key.name.end(), name);
    random_.fill({iv, kIvBytes});
    if (EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipherKey.data(), iv) != 1) return -1;
    return setMacKey(mac, key.macKey) ? 1 : -1;
}

int TicketKeys::open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
    constexpr int kUnknown = 0;
    constexpr int kRenew = 2;
    const auto found = std::find_if(keys_.begin(), keys_.end(),
                                    [&](const Key& key) { return std::equal(key.name.begin(), key.name.end(), name); });
    if (found == keys_.end()) return kUnknown;
    if (!setMacKey(mac, found->macKey)) return -1;
    if (EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, found->cipherKey.data(), iv) != 1) return -1;
    return found == keys_.begin() ? 1 : kRenew;
}

}  // namespace yimen::net
