#include "net/client_limits.h"

#include <cstring>

namespace yimen::net {

std::size_t ClientLimits::KeyHash::operator()(const Key& key) const noexcept {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, key.data(), 8);
    std::memcpy(&low, key.data() + 8, 8);
    std::uint64_t mixed = (high ^ (low * 0x9E3779B97F4A7C15U)) * 0xBF58476D1CE4E5B9U;
    mixed ^= mixed >> 29U;
    return mixed;
}

ClientLimits::Key ClientLimits::keyOf(const Address& client) noexcept {
    return client.ip.isV4() ? client.ip.bytes() : client.ip.firstOf(64).bytes();
}

bool ClientLimits::enter(const Address& client) {
    const Key key = keyOf(client);
    Shard& shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    unsigned& count = shard.counts[key];
    if (count >= most_) return false;
    ++count;
    return true;
}

void ClientLimits::leave(const Address& client) {
    const Key key = keyOf(client);
    Shard& shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.counts.find(key);
    if (found != shard.counts.end() && --found->second == 0) shard.counts.erase(found);
}

}  // namespace yimen::net
