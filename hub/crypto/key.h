#pragma once

#include <array>
#include <cstdint>

#include "core/bytes.h"
#include "core/random.h"
#include "core/result.h"

namespace yimen::crypto {

/// A symmetric key of 256 bits. Wiped when it dies; has no text form on purpose. A value; any thread.
class Key {
public:
    static constexpr std::size_t kSize = 32;

    /// Takes exactly kSize bytes; the caller wipes its own copy.
    static core::Result<Key> fromBytes(core::ByteView bytes);
    static Key generate(core::Random& random);

    Key(const Key&) = default;
    Key& operator=(const Key&) = default;
    ~Key();

    /// The one way out, for the folder crypto and for wrapping one key by another.
    core::ByteView bytes() const noexcept { return bytes_; }

private:
    Key() = default;

    std::array<std::uint8_t, kSize> bytes_{};
};

/// Overwrites memory in a way the optimiser may not drop.
void wipe(std::span<std::uint8_t> bytes) noexcept;

}  // namespace yimen::crypto
