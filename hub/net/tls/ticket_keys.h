#pragma once

#include <openssl/ssl.h>

#include <array>
#include <chrono>
#include <mutex>
#include <vector>

#include "core/clock.h"
#include "core/random.h"

namespace yimen::net {

/// Keys that encrypt TLS session tickets (RFC 5077), shared by all loops so that a ticket of one resumes on another.
/// The newest encrypts; each is accepted for one lifetime more. Thread-safe. Internal to net.
class TicketKeys {
public:
    TicketKeys(core::Random& random, const core::Clock& clock, std::chrono::seconds lifetime);
    ~TicketKeys();
    TicketKeys(const TicketKeys&) = delete;
    TicketKeys& operator=(const TicketKeys&) = delete;

    /// Makes the context use these keys; they must outlive it.
    void install(SSL_CTX* context);

    /// OpenSSL's SSL_CTX_set_tlsext_ticket_key_evp_cb(3).
    static int callback(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                        int encrypt);

private:
    struct Key {
        std::array<unsigned char, 16> name{};
        std::array<unsigned char, 32> cipherKey{};
        std::array<unsigned char, 32> macKey{};
        core::MonoTime made;
    };

    int seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac);
    int open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac);
    void rotate();

    core::Random& random_;
    const core::Clock& clock_;
    const std::chrono::seconds lifetime_;
    std::mutex mutex_;
    std::vector<Key> keys_;  ///< newest first
};

}  // namespace yimen::net
