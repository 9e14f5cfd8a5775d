#include "crypto/aead.h"

#include <array>

#include "core/check.h"
#include "crypto/digest.h"
#include "crypto/evp.h"

namespace yimen::crypto {

namespace {

struct Shape {
    std::string_view name;
    std::size_t nonce;
    std::size_t tag;
};
constexpr Shape kGcm{"aes-256-gcm", 12, 16};
constexpr Shape kSm4{"sm4-ctr-hmac-sm3", 16, 32};

const Shape* shapeOf(std::uint8_t algorithm) noexcept {
    if (algorithm == static_cast<std::uint8_t>(AeadAlgorithm::kAes256Gcm)) return &kGcm;
    if (algorithm == static_cast<std::uint8_t>(AeadAlgorithm::kSm4CtrHmacSm3)) return &kSm4;
    return nullptr;
}

const Shape& shapeOf(AeadAlgorithm algorithm) noexcept {
    const Shape* shape = shapeOf(static_cast<std::uint8_t>(algorithm));
    YIMEN_CHECK(shape != nullptr);
    return *shape;
}

/// An envelope taken apart; spans into the caller's bytes.
struct Parts {
    const Shape* shape;
    core::ByteView head;  ///< algorithm byte and nonce
    core::ByteView nonce;
    core::ByteView cipher;
    core::ByteView tag;
};

core::Error broken() {
    return core::makeError(core::ErrorCode::kCorrupt, "the encrypted record does not open with this key");
}

EVP_CIPHER_CTX* gcmContext() {
    thread_local const evp::CipherContext context = evp::makeCipherContext();
    return context.get();
}

void addAdditional(EVP_CIPHER_CTX* context, core::ByteView additional, bool sealing) {
    if (additional.empty()) return;
    int written = 0;
    const auto update = sealing ? EVP_EncryptUpdate : EVP_DecryptUpdate;
    YIMEN_CHECK(update(context, nullptr, &written, additional.data(), evp::intSize(additional.size())) == 1);
}

/// `out` is the whole envelope with head and nonce in place.
void sealGcm(const Key& key, core::ByteView plain, core::ByteView additional, core::Bytes& out) {
    EVP_CIPHER_CTX* context = gcmContext();
    int written = 0;
    std::uint8_t* cipher = out.data() + 1 + kGcm.nonce;
    YIMEN_CHECK(EVP_EncryptInit_ex2(context, evp::aes256Gcm(), key.bytes().data(), out.data() + 1, nullptr) == 1);
    addAdditional(context, additional, true);
    if (!plain.empty()) {
        YIMEN_CHECK(EVP_EncryptUpdate(context, cipher, &written, plain.data(), evp::intSize(plain.size())) == 1);
    }
    YIMEN_CHECK(EVP_EncryptFinal_ex(context, cipher + plain.size(), &written) == 1);
    YIMEN_CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, evp::intSize(kGcm.tag), cipher + plain.size()) ==
                1);
    EVP_CIPHER_CTX_reset(context);
}

bool openGcm(const Key& key, const Parts& parts, core::ByteView additional, core::Bytes& plain) {
    EVP_CIPHER_CTX* context = gcmContext();
    int written = 0;
    std::uint8_t* out = plain.data();
    std::array<std::uint8_t, kGcm.tag> tag{};
    std::copy(parts.tag.begin(), parts.tag.end(), tag.begin());
    YIMEN_CHECK(EVP_DecryptInit_ex2(context, evp::aes256Gcm(), key.bytes().data(), parts.nonce.data(), nullptr) == 1);
    addAdditional(context, additional, false);
    bool good = parts.cipher.empty() ||
                EVP_DecryptUpdate(context, out, &written, parts.cipher.data(), evp::intSize(parts.cipher.size())) == 1;
    good = good && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, evp::intSize(tag.size()), tag.data()) == 1;
    good = good && EVP_DecryptFinal_ex(context, out + parts.cipher.size(), &written) == 1;
    EVP_CIPHER_CTX_reset(context);
    return good;
}

/// Two keys from one, so that the cipher and the MAC never share one.
struct Sm4Keys {
    explicit Sm4Keys(const Key& key)
        : bytes(hkdf(DigestAlgorithm::kSm3, {key.bytes(), {}, "yimen sm4-ctr-hmac-sm3"}, 48)) {}
    Sm4Keys(const Sm4Keys&) = delete;
    Sm4Keys& operator=(const Sm4Keys&) = delete;
    ~Sm4Keys() { wipe(bytes); }
    core::ByteView cipher() const { return core::ByteView(bytes).first(16); }
    core::ByteView mac() const { return core::ByteView(bytes).subspan(16); }
    core::Bytes bytes;
};

/// MAC over head, cipher text, additional data and its length: no two inputs give the same MAC input.
core::Bytes sm4Tag(const Sm4Keys& keys, core::ByteView headAndCipher, core::ByteView additional) {
    core::Bytes message(headAndCipher.begin(), headAndCipher.end());
    message.insert(message.end(), additional.begin(), additional.end());
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        message.push_back(static_cast<std::uint8_t>((std::uint64_t{additional.size()} >> (shift - 8)) & 0xFFU));
    }
    return hmac(DigestAlgorithm::kSm3, keys.mac(), message);
}

void sealSm4(const Key& key, core::ByteView plain, core::ByteView additional, core::Bytes& out) {
    const Sm4Keys keys(key);
    const core::ByteView nonce = core::ByteView(out).subspan(1, kSm4.nonce);
    evp::sm4CtrStream(keys.cipher(), nonce, plain, out.data() + 1 + kSm4.nonce);
    const std::size_t macAt = out.size() - kSm4.tag;
    const core::Bytes tag = sm4Tag(keys, core::ByteView(out).first(macAt), additional);
    std::copy(tag.begin(), tag.end(), out.begin() + static_cast<std::ptrdiff_t>(macAt));
}

bool openSm4(const Key& key, const Parts& parts, core::ByteView additional, core::Bytes& plain) {
    const Sm4Keys keys(key);
    const core::ByteView signedPart(parts.head.data(), parts.head.size() + parts.cipher.size());
    if (!core::equalConstantTime(sm4Tag(keys, signedPart, additional), parts.tag)) return false;
    evp::sm4CtrStream(keys.cipher(), parts.nonce, parts.cipher, plain.data());
    return true;
}

}  // namespace

std::optional<AeadAlgorithm> aeadFromName(std::string_view name) noexcept {
    if (name == kGcm.name) return AeadAlgorithm::kAes256Gcm;
    if (name == kSm4.name) return AeadAlgorithm::kSm4CtrHmacSm3;
    return std::nullopt;
}

std::string_view aeadName(AeadAlgorithm algorithm) noexcept {
    return shapeOf(algorithm).name;
}

std::size_t aeadOverhead(AeadAlgorithm algorithm) noexcept {
    const Shape& shape = shapeOf(algorithm);
    return 1 + shape.nonce + shape.tag;
}

core::Result<core::Bytes> seal(AeadAlgorithm algorithm, const Key& key, core::ByteView plain, core::ByteView additional,
                               core::Random& random) {
    if (plain.size() > kMaxAeadBytes || additional.size() > kMaxAeadBytes) {
        return core::makeError(core::ErrorCode::kTooLarge, "the record is too large to encrypt in one piece");
    }
    const Shape& shape = shapeOf(algorithm);
    core::Bytes out{static_cast<std::uint8_t>(algorithm)};
    out.resize(aeadOverhead(algorithm) + plain.size());
    random.fill(std::span(out).subspan(1, shape.nonce));
    if (algorithm == AeadAlgorithm::kAes256Gcm) {
        sealGcm(key, plain, additional, out);
    } else {
        sealSm4(key, plain, additional, out);
    }
    return out;
}

core::Result<core::Secret> open(const Key& key, core::ByteView envelope, core::ByteView additional) {
    const Shape* shape = envelope.empty() ? nullptr : shapeOf(envelope[0]);
    if (shape == nullptr || envelope.size() < 1 + shape->nonce + shape->tag) return broken();
    if (envelope.size() > kMaxAeadBytes + 64 || additional.size() > kMaxAeadBytes) return broken();
    const std::size_t cipherSize = envelope.size() - 1 - shape->nonce - shape->tag;
    const Parts parts{shape, envelope.first(1 + shape->nonce), envelope.subspan(1, shape->nonce),
                      envelope.subspan(1 + shape->nonce, cipherSize), envelope.last(shape->tag)};
    core::Bytes plain(cipherSize);
    const bool good = shape == &kGcm ? openGcm(key, parts, additional, plain) : openSm4(key, parts, additional, plain);
    core::Secret secret{std::string(core::asText(plain))};
    wipe(plain);
    if (!good) return broken();
    return secret;
}

}  // namespace yimen::crypto
