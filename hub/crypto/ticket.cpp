#include "crypto/ticket.h"

#include <openssl/crypto.h>

#include <array>
#include <atomic>

#include "core/check.h"
#include "crypto/evp.h"

namespace yimen::crypto {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kNonceAt = 5;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kHeadSize = kNonceAt + kNonceSize;
constexpr std::size_t kExpirySize = 8;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kMaxRaw = kHeadSize + kExpirySize + TicketSealer::kMaxPayload + kTagSize;
/// Keys a thread keeps ready. More keys than this still work, at the price of a key schedule each.
constexpr std::size_t kReadyContexts = 8;

std::uint64_t nextSerial() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

void putBig(std::uint8_t* out, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>((value >> (8 * (size - 1 - i))) & 0xFFU);
}

std::uint64_t getBig(const std::uint8_t* in, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | in[i];
    return value;
}

/// Contexts with the key already scheduled, so that one ticket costs only its own blocks (0.2 instead of 0.66 us).
class ReadyContexts {
public:
    EVP_CIPHER_CTX* get(std::uint64_t serial, const Key& key) {
        for (auto& entry : entries_) {
            if (entry.serial == serial) return entry.context.get();
        }
        auto& entry = entries_.at(next_++ % kReadyContexts);
        if (!entry.context) entry.context = evp::makeCipherContext();
        EVP_CIPHER_CTX_reset(entry.context.get());
        // Both directions share the key schedule; which one it is comes with each nonce.
        YIMEN_CHECK(
            EVP_CipherInit_ex2(entry.context.get(), evp::aes256Gcm(), key.bytes().data(), nullptr, 1, nullptr) == 1);
        entry.serial = serial;
        return entry.context.get();
    }

private:
    struct Entry {
        std::uint64_t serial = 0;
        evp::CipherContext context;
    };
    std::array<Entry, kReadyContexts> entries_;
    std::size_t next_ = 0;
};

ReadyContexts& threadContexts() {
    thread_local ReadyContexts contexts;
    return contexts;
}

void addPurpose(EVP_CIPHER_CTX* context, std::string_view purpose) {
    int written = 0;
    const auto bytes = core::asBytes(purpose);
    YIMEN_CHECK(EVP_CipherUpdate(context, nullptr, &written, bytes.data(), evp::intSize(bytes.size())) == 1);
}

core::Error refused() {
    return core::makeError(core::ErrorCode::kUnauthenticated, "the ticket is not valid or has expired");
}

}  // namespace

TicketSealer::TicketSealer(const KeyRing& ring) {
    for (const auto id : ring.ids()) slots_.push_back({id, nextSerial(), ring.derive(id, "ticket").value()});
}

const TicketSealer::Slot* TicketSealer::find(std::uint32_t keyId) const noexcept {
    for (const auto& slot : slots_) {
        if (slot.keyId == keyId) return &slot;
    }
    return nullptr;
}

core::Result<std::string> TicketSealer::seal(std::string_view purpose, core::ByteView payload, core::WallTime expiry,
                                             core::Random& random) const {
    YIMEN_CHECK(!purpose.empty());
    if (payload.size() > kMaxPayload) {
        return core::makeError(core::ErrorCode::kTooLarge, "a ticket holds at most 1024 bytes");
    }
    const Slot& slot = slots_.back();
    std::array<std::uint8_t, kMaxRaw> raw{};
    raw[0] = kVersion;
    putBig(&raw[1], slot.keyId, 4);
    random.fill(std::span(raw).subspan(kNonceAt, kNonceSize));
    const std::size_t bodySize = kExpirySize + payload.size();
    std::uint8_t* body = &raw[kHeadSize];
    putBig(body, static_cast<std::uint64_t>(core::toUnixSeconds(expiry)), kExpirySize);
    std::copy(payload.begin(), payload.end(), body + kExpirySize);

    EVP_CIPHER_CTX* context = threadContexts().get(slot.serial, slot.key);
    int written = 0;
    YIMEN_CHECK(EVP_CipherInit_ex2(context, nullptr, nullptr, &raw[kNonceAt], 1, nullptr) == 1);
    addPurpose(context, purpose);
    YIMEN_CHECK(EVP_CipherUpdate(context, body, &written, body, evp::intSize(bodySize)) == 1);
    YIMEN_CHECK(EVP_CipherFinal_ex(context, body + bodySize, &written) == 1);
    YIMEN_CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, body + bodySize) == 1);
    return core::toBase64Url(std::span(raw).first(kHeadSize + bodySize + kTagSize));
}

std::optional<std::size_t> TicketSealer::openInto(std::string_view purpose, std::string_view text, core::WallTime now,
                                                  std::span<std::uint8_t> out) const {
    std::array<std::uint8_t, kMaxRaw> raw;  // NOLINT: filled below; clearing it would cost as much as opening
    if (purpose.empty() || text.size() > kMaxText) return std::nullopt;
    const auto size = core::fromBase64UrlInto(text, raw);
    if (!size || *size < kHeadSize + kExpirySize + kTagSize || raw[0] != kVersion) return std::nullopt;
    const Slot* slot = find(static_cast<std::uint32_t>(getBig(&raw[1], 4)));
    const std::size_t bodySize = *size - kHeadSize - kTagSize;
    const std::size_t payloadSize = bodySize - kExpirySize;
    if (slot == nullptr || payloadSize > out.size()) return std::nullopt;

    EVP_CIPHER_CTX* context = threadContexts().get(slot->serial, slot->key);
    std::uint8_t* body = &raw[kHeadSize];
    int written = 0;
    YIMEN_CHECK(EVP_CipherInit_ex2(context, nullptr, nullptr, &raw[kNonceAt], 0, nullptr) == 1);
    addPurpose(context, purpose);
    const bool authentic = EVP_CipherUpdate(context, body, &written, body, evp::intSize(bodySize)) == 1 &&
                           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, body + bodySize) == 1 &&
                           EVP_CipherFinal_ex(context, body + bodySize, &written) == 1;
    const auto expiry = static_cast<std::int64_t>(getBig(body, kExpirySize));
    const bool good = authentic && core::toUnixSeconds(now) < expiry;
    if (good) std::copy(body + kExpirySize, body + bodySize, out.begin());
    wipe(std::span(raw).first(*size));
    if (!good) return std::nullopt;
    return payloadSize;
}

core::Result<core::Bytes> TicketSealer::open(std::string_view purpose, std::string_view text,
                                             core::WallTime now) const {
    core::Bytes out(kMaxPayload);
    const auto size = openInto(purpose, text, now, out);
    if (!size) return refused();
    out.resize(*size);
    return out;
}

}  // namespace yimen::crypto
