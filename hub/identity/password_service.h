#pragma once

#include <memory>

#include "core/random.h"
#include "identity/directory.h"
#include "identity/password_policy.h"

namespace yimen::crypto {
class PasswordHasher;
}

namespace yimen::identity {

/// The costly part of passwords, behind a seam so that tests count the calls. Thread-safe; every call but needsRehash
/// blocks for the whole cost: kdf pool only.
class PasswordHashing {
public:
    virtual ~PasswordHashing() = default;
    virtual core::Result<std::string> hash(const core::Secret& password) = 0;
    virtual bool verify(const core::Secret& password, std::string_view encoded) = 0;
    virtual bool needsRehash(std::string_view encoded) = 0;
    /// A hash that no password is known for, of the current cost.
    virtual std::string dummyHash() = 0;
};

/// Argon2id. `hasher` and `random` must outlive it.
std::unique_ptr<PasswordHashing> makeArgon2Hashing(const crypto::PasswordHasher& hasher, core::Random& random);

/// Setting passwords. Thread-safe, blocking: kdf pool. Errors: kInvalidInput (the rule that is broken),
/// kUnauthenticated (the old password does not match), kNotFound, kUnavailable.
class PasswordService {
public:
    struct Dependencies {
        store::Stores& stores;
        DirectoryHolder& directory;
        PasswordHashing& hashing;
        const PasswordPolicy& policy;
        const core::Clock& clock;
    };
    explicit PasswordService(Dependencies dependencies) : deps_(dependencies) {}

    /// By the person: checks the old one, the rules and the history. The caller counts tries of the old password
    /// through LoginThrottle and ends the other sessions afterwards.
    core::Status change(PersonId person, const core::Secret& oldPassword, const core::Secret& newPassword);
    /// By somebody else or by a one-time link. `mustChange`: the person has to replace it at the next sign-in.
    core::Status reset(PersonId person, const core::Secret& newPassword, bool mustChange);
    /// The rules alone, for a dry run: no hash, any thread.
    core::Status checkNew(const core::Secret& password, const store::PersonRecord& person) const;
    /// The rules, then the hash; for Importer.
    core::Result<std::string> hashNew(const core::Secret& password, const store::PersonRecord& person);

private:
    core::Status set(const store::PersonRecord& person, const core::Secret& password, bool mustChange);
    core::Status checkHistory(PersonId person, const core::Secret& password);

    Dependencies deps_;
};

}  // namespace yimen::identity
