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

KeyTable::KeyTable(std::size_t keys) : slots_(slotsFor(keys)), marks_(slots_.size()) {}

std::size_t KeyTable::home(std::uint64_t key) const noexcept {
    // The high half of a 32 x 32 bit product spreads the upper key bits over any number of slots (below 2^32).
    return ((key >> 32U) * slots_.size()) >> 32U;
}

std::size_t KeyTable::locate(std::uint64_t key) const noexcept {
    std::size_t slot = home(key);
    while (slots_[slot].key != 0 && slots_[slot].key != key) slot = next(slot);
    return slot;
}

std::optional<RowHash> KeyTable::find(std::uint64_t key) const noexcept {
    if (key == 0) return zero_;
    const Slot& slot = slots_[locate(key)];
    return slot.key == 0 ? std::nullopt : std::optional(slot.hash);
}

void KeyTable::set(std::uint64_t key, RowHash hash) {
    if (key == 0) {
        zero_ = hash;
        return;
    }
    Slot& slot = slots_[locate(key)];
    slot.hash = hash;
    if (slot.key == key) return;
    slot.key = key;
    ++size_;
    if (size_ > slots_.size() / 5 * 4) grow();
}

void KeyTable::mark(std::uint64_t key) noexcept {
    if (key == 0) {
        if (zero_ && !std::exchange(zeroMarked_, true)) ++marked_;
        return;
    }
    const std::size_t slot = locate(key);
    if (slots_[slot].key == 0 || marks_[slot]) return;
    marks_[slot] = true;
    ++marked_;
}

void KeyTable::move(std::size_t from, std::size_t to) noexcept {
    slots_[to] = slots_[from];
    marks_[to] = marks_[from];
}

void KeyTable::erase(std::uint64_t key) noexcept {
    if (key == 0) {
        if (std::exchange(zeroMarked_, false)) --marked_;
        zero_.reset();
        return;
    }
    std::size_t hole = locate(key);
    if (slots_[hole].key == 0) return;
    --size_;
    if (marks_[hole]) --marked_;
    // Entries behind the hole move up unless that would put them before their home.
    const std::size_t count = slots_.size();
    for (std::size_t slot = next(hole); slots_[slot].key != 0; slot = next(slot)) {
        const std::size_t fromHome = (slot + count - home(slots_[slot].key)) % count;
        const std::size_t fromHole = (slot + count - hole) % count;
        if (fromHome >= fromHole) {
            move(slot, hole);
            hole = slot;
        }
    }
    slots_[hole] = {};
    marks_[hole] = false;
}

void KeyTable::grow() {
    std::vector<Slot> old(slotsFor(size_ + size_ / 2));
    old.swap(slots_);
    std::vector<bool> oldMarks(slots_.size());
    oldMarks.swap(marks_);
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (old[i].key == 0) continue;
        const std::size_t slot = locate(old[i].key);
        slots_[slot] = old[i];
        marks_[slot] = oldMarks[i];
    }
}

}  // namespace yimen::sync
