#pragma once

#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

/// A sign-in source that is shut out for a while.
struct LockRecord {
    std::string account;  ///< normalised user name, or "" for a whole network
    std::string source;   ///< network prefix, or "device:<id>"
    int failures = 0;
    core::WallTime lockedUntil{};
};

/// Locks that must outlast a restart, or kill -9 would be a way around them. Thread-safe, blocking.
class LockStore {
public:
    virtual ~LockStore() = default;
    virtual core::Status put(const LockRecord& lock) = 0;
    virtual core::Result<std::vector<LockRecord>> load(core::WallTime now) = 0;
    /// Lifts every lock of the account.
    virtual core::Status clear(const std::string& account) = 0;
    virtual core::Result<std::int64_t> purge(core::WallTime now) = 0;
};

}  // namespace yimen::store
