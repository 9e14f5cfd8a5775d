#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/random.h"
#include "core/result.h"
#include "core/secret.h"

namespace yimen::crypto {

/// What one password hash costs (RFC 9106 section 4). The default is about 20 ms on one core of a small server.
struct PasswordCost {
    std::uint32_t memoryKib = 19456;
    std::uint32_t iterations = 2;
    std::uint32_t lanes = 1;

    bool operator==(const PasswordCost&) const = default;
};

/// Argon2id (RFC 9106) in PHC text form: "$argon2id$v=19$m=19456,t=2,p=1$salt$tag".
/// Immutable, thread-safe. hash and verify block for the whole cost: call them in the `kdf` pool only.
class PasswordHasher {
public:
    static constexpr std::size_t kMaxPasswordBytes = 1024;
    /// Limits on what verify accepts from a stored text, so that a planted hash cannot take the machine's memory.
    static constexpr std::uint32_t kMaxMemoryKib = 1024 * 1024;
    static constexpr std::uint32_t kMaxIterations = 64;
    static constexpr std::uint32_t kMaxLanes = 16;

    explicit PasswordHasher(PasswordCost cost = {}) : cost_(cost) {}

    /// A fresh salt of 16 bytes, a tag of 32. kTooLarge above kMaxPasswordBytes, kUnavailable when memory is short.
    core::Result<std::string> hash(const core::Secret& password, core::Random& random) const;
    /// True when it matches. False also for a text that is not ours to read (see needsRehash).
    bool verify(const core::Secret& password, std::string_view encoded) const;
    /// True when the text was made with another cost or algorithm than this hasher's: hash again after the next
    /// successful sign-in.
    bool needsRehash(std::string_view encoded) const;
    /// A well-formed text with this hasher's cost that no password is known for. Verifying against it takes as long
    /// as against a real one, so that an unknown name answers no faster than a known one.
    std::string dummyHash() const;

private:
    PasswordCost cost_;
};

}  // namespace yimen::crypto
