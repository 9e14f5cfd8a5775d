#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

/// How a password is checked: the encoded hash (crypto::PasswordHasher), never the password.
struct CredentialRecord {
    PersonId person = 0;
    std::string encodedHash;
    core::WallTime changedAt{};
    bool mustChange = false;  ///< set by somebody else than the person: to be replaced at the next sign-in
};

/// Password hashes and their history. Thread-safe, blocking. Errors as PersonStore.
class CredentialStore {
public:
    virtual ~CredentialStore() = default;
    virtual core::Result<std::optional<CredentialRecord>> get(PersonId person) = 0;
    /// The new current hash; the one before moves to the history, of which the newest `keep` stay. Durable, atomic.
    virtual core::Status set(const CredentialRecord& credential, int keep) = 0;
    /// Swaps the hash of the same password for a stronger one if it still is `oldHash`. No history.
    virtual core::Status rehash(PersonId person, const std::string& oldHash, const std::string& newHash) = 0;
    /// Former hashes, newest first, without the current one.
    virtual core::Result<std::vector<std::string>> history(PersonId person) = 0;
    /// Everybody who has a password: who may sign in with one.
    virtual core::Result<std::vector<PersonId>> holders() = 0;
};

}  // namespace yimen::store
