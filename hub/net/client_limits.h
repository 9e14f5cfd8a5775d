#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "net/address.h"

namespace yimen::net {

/// Connections per client address (IPv6: per /64), over all loops. Thread-safe; asked at accept and close only.
/// Internal to net.
class ClientLimits {
public:
    explicit ClientLimits(unsigned most) noexcept : most_(most) {}
    /// False when the client has reached the limit.
    bool enter(const Address& client);
    void leave(const Address& client);

private:
    using Key = std::array<std::uint8_t, 16>;
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };
    struct Shard {
        std::mutex mutex;
        std::unordered_map<Key, unsigned, KeyHash> counts;
    };
    static constexpr std::size_t kShards = 16;

    static Key keyOf(const Address& client) noexcept;
    Shard& shardOf(const Key& key) noexcept { return shards_[KeyHash()(key) % kShards]; }

    const unsigned most_;
    std::array<Shard, kShards> shards_;
};

}  // namespace yimen::net
