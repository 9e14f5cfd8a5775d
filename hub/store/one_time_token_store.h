#pragma once

#include <optional>
#include <string>

#include "store/types.h"

namespace yimen::store {

/// A link that works once. The store holds the hash of the token only.
struct OneTimeTokenRecord {
    std::string tokenHash;  ///< hexadecimal SHA-256 of the token; unique
    std::string purpose;    ///< "first_admin", "password_reset", ...
    PersonId person = 0;    ///< 0: nobody yet
    core::WallTime expiresAt{};
};

/// Single-use tokens. Thread-safe, blocking. Errors as PersonStore.
class OneTimeTokenStore {
public:
    virtual ~OneTimeTokenStore() = default;
    virtual core::Status put(const OneTimeTokenRecord& token) = 0;
    /// Takes the token away and returns it, in one statement: of any number of parallel calls at most one gets it.
    /// Nothing when it is unknown, used, for another purpose, or past its time.
    virtual core::Result<std::optional<OneTimeTokenRecord>> consume(const std::string& tokenHash,
                                                                    const std::string& purpose, core::WallTime now) = 0;
    /// Takes back every open token of that purpose for that person.
    virtual core::Status revoke(const std::string& purpose, PersonId person) = 0;
    virtual core::Result<std::int64_t> purge(core::WallTime now) = 0;
};

}  // namespace yimen::store
