#pragma once

#include <openssl/evp.h>

#include <memory>

#include "core/bytes.h"

/// Inner helpers of this folder: OpenSSL handles with owners, algorithms fetched once. Not for other folders.
namespace yimen::crypto::evp {

struct CipherContextFree {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, CipherContextFree>;

/// Aborts when OpenSSL lacks the algorithm: selfTest() runs before anything is served.
EVP_CIPHER* aes256Gcm();
EVP_CIPHER* sm4Ctr();
EVP_CIPHER* sm4Ecb();

CipherContext makeCipherContext();

inline int intSize(std::size_t size) noexcept {
    return static_cast<int>(size);
}

/// Runs one key stream over `data` into `out` (same size). SM4-CTR is its own inverse.
void sm4CtrStream(core::ByteView key16, core::ByteView nonce16, core::ByteView data, std::uint8_t* out);

}  // namespace yimen::crypto::evp
