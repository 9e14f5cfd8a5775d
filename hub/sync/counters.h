#pragma once

#include <cstdint>

namespace yimen::sync {

/// What became of the rows of a run. Kept in the same transaction as the rows, so that it is exact after any crash.
/// Invariant: read = inserted + updated + unchanged + rejected + deduped + deleted.
struct Counters {
    std::uint64_t read = 0;       ///< rows the source gave
    std::uint64_t inserted = 0;   ///< keys that were not there
    std::uint64_t updated = 0;    ///< keys that were there with another content
    std::uint64_t unchanged = 0;  ///< same content; also a delete of a key that is not there
    std::uint64_t rejected = 0;   ///< became dead letters
    std::uint64_t deduped = 0;    ///< a later row of the same batch, or a newer version in the target, took its place
    std::uint64_t deleted = 0;    ///< rows that said delete, and did
    /// Keys removed because a complete read of the source no longer had them. Not rows read, so outside the invariant.
    std::uint64_t removed = 0;

    bool balanced() const noexcept { return read == inserted + updated + unchanged + rejected + deduped + deleted; }
    Counters& operator+=(const Counters& other) noexcept {
        read += other.read;
        inserted += other.inserted;
        updated += other.updated;
        unchanged += other.unchanged;
        rejected += other.rejected;
        deduped += other.deduped;
        deleted += other.deleted;
        removed += other.removed;
        return *this;
    }
    bool operator==(const Counters&) const = default;
};

}  // namespace yimen::sync
