#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "crypto/key_ring.h"

namespace yimen::crypto {

/// Short encrypted texts that travel through browsers: session tickets, one-time codes, form tokens.
/// Text: Base64url of [version 1][key id 4][nonce 12][AES-256-GCM of (expiry, payload)][tag 16]; the purpose is
/// authenticated, so a ticket of one purpose never opens as another. Immutable, thread-safe, one per process; built
/// again after a key rotation.
class TicketSealer {
public:
    static constexpr std::size_t kMaxPayload = 1024;
    static constexpr std::size_t kMaxText = (kMaxPayload + 41 + 2) / 3 * 4;

    /// Derives one key per id of the ring for the purpose "ticket".
    explicit TicketSealer(const KeyRing& ring);

    /// kTooLarge above kMaxPayload. Expiry is kept to the second.
    core::Result<std::string> seal(std::string_view purpose, core::ByteView payload, core::WallTime expiry,
                                   core::Random& random) const;

    /// kUnauthenticated for anything that is not ours, was changed, is of another purpose or has expired (one message).
    core::Result<core::Bytes> open(std::string_view purpose, std::string_view text, core::WallTime now) const;

    /// As open, without allocation and without an error object: the payload goes to the front of `out`.
    /// Returns its size; nothing when refused or `out` is too small. For the traffic path.
    std::optional<std::size_t> openInto(std::string_view purpose, std::string_view text, core::WallTime now,
                                        std::span<std::uint8_t> out) const;

private:
    struct Slot {
        std::uint32_t keyId;
        std::uint64_t serial;  ///< names the key in the per-thread context cache
        Key key;
    };
    const Slot* find(std::uint32_t keyId) const noexcept;

    std::vector<Slot> slots_;
};

}  // namespace yimen::crypto
