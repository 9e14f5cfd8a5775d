#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

/// That a person has a generator of one-time codes (RFC 6238). Its seed is sealed in the vault, not here.
struct SecondFactorRecord {
    PersonId person = 0;
    std::string name;  ///< what the person calls the device
    core::WallTime createdAt{};
    core::WallTime lastUsedAt{};     ///< the epoch: not since it was set up
    std::int64_t lastStep = 0;       ///< the newest time step whose code was accepted; none up to it is taken again
    std::int64_t recoveryCodes = 0;  ///< how many are left; given by the store, ignored when written
};

/// Second factors and recovery codes. Of a recovery code the store holds the hash only. Thread-safe, blocking. Every
/// write is durable when it returns: a code that was answered for never works again, not even after a power cut.
/// Errors as PersonStore.
class SecondFactorStore {
public:
    virtual ~SecondFactorStore() = default;
    virtual core::Result<std::optional<SecondFactorRecord>> get(PersonId person) = 0;
    /// kConflict when the person has one already.
    virtual core::Status create(const SecondFactorRecord& record, const std::vector<std::string>& recoveryHashes) = 0;
    /// Moves lastStep forward in one statement: of any number of parallel calls with one step at most one gets true.
    /// False: this step or a later one was accepted before, or there is no second factor.
    virtual core::Result<bool> acceptStep(PersonId person, std::int64_t step, core::WallTime at) = 0;
    /// Uses the recovery code up, in one statement. False: unknown or used.
    virtual core::Result<bool> useRecoveryCode(PersonId person, const std::string& hash, core::WallTime at) = 0;
    /// The former codes are void.
    virtual core::Status replaceRecoveryCodes(PersonId person, const std::vector<std::string>& hashes) = 0;
    /// With all recovery codes; kNotFound when there is none.
    virtual core::Status remove(PersonId person) = 0;
};

}  // namespace yimen::store
