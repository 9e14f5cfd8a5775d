#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bytes.h"
#include "core/random.h"
#include "core/result.h"
#include "core/secret.h"
#include "crypto/key.h"

namespace yimen::crypto {

/// First byte of an envelope. Numbers are stored: never reuse one.
enum class AeadAlgorithm : std::uint8_t {
    kAes256Gcm = 1,     ///< NIST SP 800-38D; nonce 12, tag 16
    kSm4CtrHmacSm3 = 2  ///< GB/T 32907 in counter mode, then HMAC-SM3 over all of it; nonce 16, tag 32
};

/// "aes-256-gcm", "sm4-ctr-hmac-sm3"; nothing for another name.
std::optional<AeadAlgorithm> aeadFromName(std::string_view name) noexcept;
std::string_view aeadName(AeadAlgorithm algorithm) noexcept;
/// Bytes an envelope is longer than its plain text.
std::size_t aeadOverhead(AeadAlgorithm algorithm) noexcept;

/// What one call takes at most, of plain text and of additional data.
constexpr std::size_t kMaxAeadBytes = 64U * 1024U * 1024U;

/// Encrypts and authenticates. Envelope: algorithm byte, random nonce, cipher text, tag. `additional` is authenticated
/// but not stored: bind person, system and version with it. Any thread; contexts are reused per thread.
/// At most 2^32 envelopes under one AES-GCM key (random 96-bit nonces): one record key per record stays far below.
/// kTooLarge above kMaxAeadBytes.
core::Result<core::Bytes> seal(AeadAlgorithm algorithm, const Key& key, core::ByteView plain, core::ByteView additional,
                               core::Random& random);

/// kCorrupt when anything was changed, or key or `additional` differ. One message for all causes. The plain text
/// comes as a Secret (any bytes), nothing of it leaves before the tag is checked.
core::Result<core::Secret> open(const Key& key, core::ByteView envelope, core::ByteView additional);

}  // namespace yimen::crypto
