#include "crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <memory>

#include "core/check.h"
#include "crypto/key.h"

namespace yimen::crypto {

namespace {

constexpr std::size_t kAlgorithms = 4;
constexpr std::array<std::string_view, kAlgorithms> kNames{"md5", "sha1", "sha256", "sm3"};
constexpr std::array<const char*, kAlgorithms> kFetchNames{"MD5", "SHA1", "SHA2-256", "SM3"};
constexpr std::array<std::size_t, kAlgorithms> kSizes{16, 20, 32, 32};

std::size_t indexOf(DigestAlgorithm algorithm) noexcept {
    return static_cast<std::size_t>(algorithm);
}

/// Fetched once; they live as long as the process.
EVP_MD* fetched(DigestAlgorithm algorithm) {
    static const std::array<EVP_MD*, kAlgorithms> all = [] {
        std::array<EVP_MD*, kAlgorithms> out{};
        for (std::size_t i = 0; i < kAlgorithms; ++i) {
            out.at(i) = EVP_MD_fetch(nullptr, kFetchNames.at(i), nullptr);
            YIMEN_CHECK(out.at(i) != nullptr);
        }
        return out;
    }();
    return all.at(indexOf(algorithm));
}

struct DigestContextFree {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
struct MacContextFree {
    void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, MacContextFree>;

MacContext makeMacContext(DigestAlgorithm algorithm) {
    static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    YIMEN_CHECK(mac != nullptr);
    MacContext context(EVP_MAC_CTX_new(mac));
    YIMEN_CHECK(context != nullptr);
    std::string name = kFetchNames.at(indexOf(algorithm));
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), name.size()), OSSL_PARAM_construct_end()};
    YIMEN_CHECK(EVP_MAC_CTX_set_params(context.get(), parameters.data()) == 1);
    return context;
}

EVP_MAC_CTX* threadMacContext(DigestAlgorithm algorithm) {
    thread_local std::array<MacContext, kAlgorithms> contexts;
    auto& context = contexts.at(indexOf(algorithm));
    if (!context) context = makeMacContext(algorithm);
    return context.get();
}

void append(core::Bytes& out, core::ByteView more) {
    out.insert(out.end(), more.begin(), more.end());
}

}  // namespace

std::optional<DigestAlgorithm> digestFromName(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kAlgorithms; ++i) {
        if (kNames[i] == name) return static_cast<DigestAlgorithm>(i);
    }
    return std::nullopt;
}

std::string_view digestName(DigestAlgorithm algorithm) noexcept {
    return kNames[indexOf(algorithm)];
}

std::size_t digestSize(DigestAlgorithm algorithm) noexcept {
    return kSizes[indexOf(algorithm)];
}

core::Bytes digest(DigestAlgorithm algorithm, core::ByteView data) {
    thread_local const std::unique_ptr<EVP_MD_CTX, DigestContextFree> context(EVP_MD_CTX_new());
    core::Bytes out(digestSize(algorithm));
    unsigned written = 0;
    YIMEN_CHECK(EVP_DigestInit_ex2(context.get(), fetched(algorithm), nullptr) == 1);
    YIMEN_CHECK(EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1);
    YIMEN_CHECK(EVP_DigestFinal_ex(context.get(), out.data(), &written) == 1 && written == out.size());
    return out;
}

core::Bytes hmac(DigestAlgorithm algorithm, core::ByteView key, core::ByteView data) {
    static constexpr std::uint8_t kNothing = 0;
    EVP_MAC_CTX* context = threadMacContext(algorithm);
    core::Bytes out(digestSize(algorithm));
    std::size_t written = 0;
    // A null key would mean "the key of last time" to OpenSSL; an empty key is a key of its own.
    const std::uint8_t* keyData = key.empty() ? &kNothing : key.data();
    YIMEN_CHECK(EVP_MAC_init(context, keyData, key.size(), nullptr) == 1);
    YIMEN_CHECK(EVP_MAC_update(context, data.data(), data.size()) == 1);
    YIMEN_CHECK(EVP_MAC_final(context, out.data(), &written, out.size()) == 1 && written == out.size());
    return out;
}

core::Bytes hkdf(DigestAlgorithm algorithm, const HkdfInput& input, std::size_t length) {
    const std::size_t step = digestSize(algorithm);
    YIMEN_CHECK(length <= 255 * step);
    const core::Bytes zeros(step);
    core::Bytes extracted = hmac(algorithm, input.salt.empty() ? core::ByteView(zeros) : input.salt, input.secret);
    core::Bytes out;
    out.reserve(length + step);
    core::Bytes block;
    for (std::uint8_t counter = 1; out.size() < length; ++counter) {
        core::Bytes message = block;
        append(message, core::asBytes(input.info));
        message.push_back(counter);
        block = hmac(algorithm, extracted, message);
        append(out, block);
        wipe(message);
    }
    wipe(extracted);
    wipe(block);
    wipe(std::span(out).subspan(length));
    out.resize(length);
    return out;
}

}  // namespace yimen::crypto
