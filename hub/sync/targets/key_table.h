#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sync/row_hash.h"

namespace yimen::sync {

/// What a writer remembers of the rows in the target: key hash -> row hash, in one open-addressing array of 16-byte
/// entries (linear probing, at most 80% full). Hashes are uniform, so they are not mixed again. One thread.
class KeyTable {
public:
    /// Empty, with room for `keys` without growing.
    explicit KeyTable(std::size_t keys = 0);

    std::size_t size() const noexcept { return size_ + (zero_ ? 1U : 0U); }
    std::size_t footprint() const noexcept { return slots_.capacity() * sizeof(Slot); }
    std::optional<RowHash> find(std::uint64_t key) const noexcept;
    void set(std::uint64_t key, RowHash hash);
    void erase(std::uint64_t key) noexcept;
    /// Asks the memory for the key's place. Large tables are slow because each look waits for it: who has a list of
    /// keys asks kAhead of them before.
    void expect(std::uint64_t key) const noexcept { __builtin_prefetch(&slots_[home(key)]); }
    static constexpr std::size_t kAhead = 12;

    /// Notes that a key was seen at the source; one that is not there is passed over.
    void mark(std::uint64_t key) noexcept;
    /// Keys that were not marked since they came in.
    std::size_t unmarked() const noexcept { return size() - marked_; }

private:
    struct Slot {
        std::uint64_t key = 0;  ///< 0: free
        RowHash hash = 0;
    };
    std::size_t home(std::uint64_t key) const noexcept;
    std::size_t next(std::size_t slot) const noexcept { return slot + 1 == slots_.size() ? 0 : slot + 1; }
    /// Where the key is, or the free slot where its search ends.
    std::size_t locate(std::uint64_t key) const noexcept;
    void move(std::size_t from, std::size_t to) noexcept;
    void grow();

    std::vector<Slot> slots_;
    std::vector<bool> marks_;  ///< by slot
    std::size_t size_ = 0;
    std::size_t marked_ = 0;
    std::optional<RowHash> zero_;  ///< the entry of key 0
    bool zeroMarked_ = false;
};

}  // namespace yimen::sync
