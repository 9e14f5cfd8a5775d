#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/secret.h"

namespace yimen::identity {

/// One-time codes as authenticator apps make them: HMAC-SHA-1, six digits, a step of 30 seconds (RFC 6238, RFC 4226).
/// These three are fixed because apps ignore other values in the URI or fail on them. Pure functions, any thread.
inline constexpr std::chrono::seconds kTotpStep{30};
inline constexpr int kTotpDigits = 6;
inline constexpr std::size_t kTotpSeedBytes = 20;  ///< as long as the hash, RFC 4226 section 4, R6

/// RFC 4226 section 5.3. `digits` from 6 to 8.
std::string hotp(core::ByteView seed, std::uint64_t counter, int digits = kTotpDigits);
/// RFC 6238 section 4.2; times before 1970 count as step 0.
std::int64_t totpStepAt(core::WallTime time) noexcept;

/// The newest step within `window` steps around `now` whose code this is; nothing when it is none of them. Compares
/// with every step of the window whatever is found.
std::optional<std::int64_t> matchTotp(core::ByteView seed, std::string_view code, core::WallTime now, int window);

/// What was typed as six digits: spaces and hyphens go, full-width digits (of Chinese input methods) become digits.
/// Nothing when that is no code.
std::optional<std::string> readTotpCode(std::string_view typed);

/// RFC 4648 section 6 without padding, as authenticator apps read it.
std::string toBase32(core::ByteView bytes);

/// "otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=ISSUER&...", the key URI format of authenticator apps. Secret.
core::Secret otpauthUri(std::string_view issuer, std::string_view account, core::ByteView seed);

}  // namespace yimen::identity
