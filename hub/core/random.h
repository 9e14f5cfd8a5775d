#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace yimen::core {

/// Source of unpredictable bytes. Implementations are thread-safe.
class Random {
public:
    virtual ~Random() = default;
    /// Fills the span, or aborts the process: there is no safe way to go on without randomness.
    virtual void fill(std::span<std::uint8_t> out) = 0;

    /// `bytes` random bytes as lower-case hexadecimal. At least 16 bytes for anything that is a secret.
    std::string hex(std::size_t bytes);
    /// `bytes` random bytes as unpadded Base64url (RFC 4648 section 5).
    std::string base64Url(std::size_t bytes);
    std::uint64_t uint64();
};

/// The kernel's generator (getrandom). Thread-safe, stateless.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> out) override;
};

}  // namespace yimen::core
