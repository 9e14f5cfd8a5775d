#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

enum class PersonState { kActive, kDisabled, kRemoved };

/// One human being with one user name. Rows are never deleted, so a name or number is never given to somebody else.
struct PersonRecord {
    PersonId id = 0;
    std::string username;     ///< as the person writes it
    std::string usernameKey;  ///< core::normalizeUsername(username); unique
    std::string name;
    std::string phone;
    PersonState state = PersonState::kActive;
    core::WallTime createdAt{};
    core::WallTime expiresAt{};  ///< the account ends then; the epoch means never
    std::int64_t version = 0;    ///< counts updates, from 1
};

/// People. Thread-safe; every method blocks on the disk, so never call it on an event loop. Arguments are copied.
/// Errors: kConflict (name taken, or changed meanwhile), kNotFound, kUnavailable (store does not answer).
class PersonStore {
public:
    virtual ~PersonStore() = default;
    /// `id` and `version` are ignored and given by the store. Durable when it returns.
    virtual core::Result<PersonRecord> create(const PersonRecord& person) = 0;
    virtual core::Result<std::optional<PersonRecord>> get(PersonId id) = 0;
    virtual core::Result<std::optional<PersonRecord>> findByUsernameKey(const std::string& usernameKey) = 0;
    /// Everybody in order of id; for the in-memory directory.
    virtual core::Result<std::vector<PersonRecord>> all() = 0;
    /// Replaces the row if it still has `person.version`; returns it with the next version. Durable.
    virtual core::Result<PersonRecord> update(const PersonRecord& person) = 0;
};

}  // namespace yimen::store
