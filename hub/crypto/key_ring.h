#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "crypto/key.h"

namespace yimen::crypto {

/// The hub's master keys: each has an id (1, 2, 3...), the highest is active, older ones can still be read with.
/// Immutable after loading, so thread-safe; rotation makes a new ring. Keys are never printed.
///
/// File (mode 0600, owned by the user who runs the hub):
///     yimen-keys 1
///     key 1 2026-11-21T10:42:05.000000Z <64 hex digits>
///     check <SM3 over the lines above>
class KeyRing {
public:
    static constexpr std::size_t kMaxKeys = 64;

    /// One key as it stands in the file; for this folder.
    struct Entry {
        std::uint32_t id;
        std::string created;
        Key key;
    };

    /// Reads the file; refuses one that others may read, that is not ours, or that was changed by a single bit.
    static core::Result<KeyRing> loadFile(const std::string& path);
    /// loadFile, or at the very first start: makes one key, written with 0600, fsync of file and directory.
    static core::Result<KeyRing> loadOrCreate(const std::string& path, core::Random& random, const core::Clock& clock);
    /// "env:NAME" (the value is "1:<64 hex>[,2:<64 hex>...]") or "file:PATH" or a bare path.
    static core::Result<KeyRing> loadReference(const std::string& reference);
    /// Adds a key to the file (new file, fsync, rename: a kill leaves the old or the new one) and returns the new ring.
    static core::Result<KeyRing> rotateFile(const std::string& path, core::Random& random, const core::Clock& clock);
    /// One key that lives as long as the process. For tests.
    static KeyRing ephemeral(core::Random& random);

    std::uint32_t activeId() const noexcept { return entries_.back().id; }
    /// All ids, ascending.
    std::vector<std::uint32_t> ids() const;
    bool has(std::uint32_t id) const noexcept { return find(id) != nullptr; }
    /// The key for one purpose ("ticket", "vault", "audit"), HKDF-SHA256 of the master key. Purposes never share keys.
    /// kNotFound when the ring has no such id.
    core::Result<Key> derive(std::uint32_t id, std::string_view purpose) const;
    /// derive(activeId(), purpose); cannot fail.
    Key deriveActive(std::string_view purpose) const;

private:
    explicit KeyRing(std::vector<Entry> entries) : entries_(std::move(entries)) {}
    const Entry* find(std::uint32_t id) const noexcept;

    std::vector<Entry> entries_;  ///< ascending by id, never empty
};

}  // namespace yimen::crypto
