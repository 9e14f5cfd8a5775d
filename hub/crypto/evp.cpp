#include "crypto/evp.h"

#include "core/check.h"

namespace yimen::crypto::evp {

namespace {

/// Fetched handles live as long as the process: freeing them at exit would race with OpenSSL's own clean-up.
EVP_CIPHER* fetchCipher(const char* name) {
    EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
    YIMEN_CHECK(cipher != nullptr);
    return cipher;
}

}  // namespace

EVP_CIPHER* aes256Gcm() {
    static EVP_CIPHER* const cipher = fetchCipher("AES-256-GCM");
    return cipher;
}

EVP_CIPHER* sm4Ctr() {
    static EVP_CIPHER* const cipher = fetchCipher("SM4-CTR");
    return cipher;
}

EVP_CIPHER* sm4Ecb() {
    static EVP_CIPHER* const cipher = fetchCipher("SM4-ECB");
    return cipher;
}

CipherContext makeCipherContext() {
    CipherContext context(EVP_CIPHER_CTX_new());
    YIMEN_CHECK(context != nullptr);
    return context;
}

void sm4CtrStream(core::ByteView key16, core::ByteView nonce16, core::ByteView data, std::uint8_t* out) {
    thread_local const CipherContext context = makeCipherContext();
    YIMEN_CHECK(key16.size() == 16 && nonce16.size() == 16);
    int written = 0;
    YIMEN_CHECK(EVP_EncryptInit_ex2(context.get(), sm4Ctr(), key16.data(), nonce16.data(), nullptr) == 1);
    if (!data.empty()) {
        YIMEN_CHECK(EVP_EncryptUpdate(context.get(), out, &written, data.data(), intSize(data.size())) == 1);
    }
    EVP_CIPHER_CTX_reset(context.get());
}

}  // namespace yimen::crypto::evp
