#pragma once

#include <optional>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

namespace yimen::crypto {

/// MD5 and SHA-1 are here for legacy systems that ask for them (HTTP Digest, LTPA, script-side MD5) and for nothing of
/// our own. SM3 is GB/T 32905, SHA-256 is FIPS 180-4.
enum class DigestAlgorithm { kMd5, kSha1, kSha256, kSm3 };

/// "md5", "sha1", "sha256", "sm3"; nothing for another name.
std::optional<DigestAlgorithm> digestFromName(std::string_view name) noexcept;
std::string_view digestName(DigestAlgorithm algorithm) noexcept;
/// 16, 20, 32, 32 bytes.
std::size_t digestSize(DigestAlgorithm algorithm) noexcept;

/// One-shot. Any thread; contexts are reused per thread.
core::Bytes digest(DigestAlgorithm algorithm, core::ByteView data);
/// RFC 2104.
core::Bytes hmac(DigestAlgorithm algorithm, core::ByteView key, core::ByteView data);
/// RFC 5869, extract and expand. `length` at most 255 times the digest size.
struct HkdfInput {
    core::ByteView secret;
    core::ByteView salt;
    std::string_view info;
};
core::Bytes hkdf(DigestAlgorithm algorithm, const HkdfInput& input, std::size_t length);

/// Known answers of every primitive this folder offers (FIPS 180-4, RFC 4231, GB/T 32905, GB/T 32907, SP 800-38D,
/// RFC 9106). Run once at start; the program must not serve when it fails. The error names the primitive.
core::Status selfTest();

}  // namespace yimen::crypto
