#include "sync/targets/key_table.h"

#include <algorithm>
#include <utility>

namespace yimen::sync {

namespace {

constexpr std::size_t kSmallest = 64;

std::size_t slotsFor(std::size_t keys) {
    return std::max(kSmallest, keys + keys / 4 + 1);
}

}  // namespace

KeyTable::KeyTable(std::size_t keys) : slots_(slotsFor(keys)) {}

std::size_t KeyTable::home(std::uint64_t key) const noexcept {
    // The high half of a 32 x 32 bit product spreads the upper key bits over any number of slots (below 2^32).
    return ((key >> 32U) * slots_.size()) >> 32U;
}

std::optional<RowHash> KeyTable::find(std::uint64_t key) const noexcept {
    if (key == 0) return zero_;
    for (std::size_t slot = home(key); slots_[slot].key != 0; slot = next(slot)) {
        if (slots_[slot].key == key) return slots_[slot].hash;
    }
    return std::nullopt;
}

void KeyTable::set(std::uint64_t key, RowHash hash) {
    if (key == 0) {
        zero_ = hash;
        return;
    }
    std::size_t slot = home(key);
    for (; slots_[slot].key != 0; slot = next(slot)) {
        if (slots_[slot].key == key) {
            slots_[slot].hash = hash;
            return;
        }
    }
    slots_[slot] = {key, hash};
    ++size_;
    if (size_ > slots_.size() / 5 * 4) grow();
}

void KeyTable::erase(std::uint64_t key) noexcept {
    if (key == 0) {
        zero_.reset();
        return;
    }
    std::size_t hole = home(key);
    while (slots_[hole].key != key) {
        if (slots_[hole].key == 0) return;
        hole = next(hole);
    }
    --size_;
    // Entries behind the hole move up unless that would put them before their home.
    const std::size_t count = slots_.size();
    for (std::size_t slot = next(hole); slots_[slot].key != 0; slot = next(slot)) {
        const std::size_t fromHome = (slot + count - home(slots_[slot].key)) % count;
        const std::size_t fromHole = (slot + count - hole) % count;
        if (fromHome >= fromHole) {
            slots_[hole] = slots_[slot];
            hole = slot;
        }
    }
    slots_[hole] = {};
}

void KeyTable::grow() {
    std::vector<Slot> old(slotsFor(size_ + size_ / 2));
    old.swap(slots_);
    for (const Slot& entry : old) {
        if (entry.key == 0) continue;
        std::size_t slot = home(entry.key);
        while (slots_[slot].key != 0) slot = next(slot);
        slots_[slot] = entry;
    }
}

}  // namespace yimen::sync
