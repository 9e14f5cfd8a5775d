#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

/// Whose account in which system. `person` 0 is the account the whole site shares.
struct SecretOwner {
    PersonId person = 0;
    std::string system;
    friend auto operator<=>(const SecretOwner&, const SecretOwner&) = default;
};

enum class LinkState {
    kUnverified,  ///< stored by an administrator, never tried
    kLinked,      ///< worked at `verifiedAt`
    kBroken       ///< was refused by the system; not to be tried again until it is replaced
};

/// A sealed account. The store sees no plain text and no key.
struct SecretRecord {
    SecretOwner owner;
    std::int64_t version = 0;  ///< from 1, one more with every put; part of what the seal binds
    std::string keyId;         ///< which key-encryption key wraps the record key
    core::Bytes wrappedKey;
    core::Bytes sealed;
    LinkState state = LinkState::kUnverified;
    core::WallTime updatedAt{};
    core::WallTime verifiedAt{};  ///< the epoch: never
    std::string reason;           ///< for kBroken: the outcome in one stable word (bad_password, locked, ...)
};

/// Which records to list. Empty members do not filter.
struct SecretFilter {
    std::optional<PersonId> person;
    std::optional<std::string> system;
    std::optional<std::string> keyIdIsNot;
    int limit = 10000;
};

/// Vault records. Thread-safe, blocking. Errors as PersonStore.
class SecretStore {
public:
    virtual ~SecretStore() = default;
    /// Writes the record if the stored version is `record.version - 1` (1 creates); otherwise kConflict. Durable.
    virtual core::Status put(const SecretRecord& record) = 0;
    virtual core::Result<std::optional<SecretRecord>> get(const SecretOwner& owner) = 0;
    virtual core::Result<std::vector<SecretRecord>> list(const SecretFilter& filter) = 0;
    /// Changes state, verifiedAt and reason if the version still is `record.version`. Durable.
    virtual core::Status setState(const SecretRecord& record) = 0;
    /// Changes keyId and wrappedKey if the version still is `record.version`. Durable.
    virtual core::Status rewrap(const SecretRecord& record) = 0;
    virtual core::Status remove(const SecretOwner& owner) = 0;
};

}  // namespace yimen::store
