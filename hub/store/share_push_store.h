#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/share_store.h"

namespace yimen::store {

/// Where the changes of a contract are sent, and how far that has come.
struct SharePushRecord {
    ShareId share = 0;
    std::string endpoint;
    std::int64_t keyId = 0;       ///< key of the ring from which the signing key is derived
    std::int64_t generation = 0;  ///< and how often it was renewed
    /// Of the batch that is to be sent next, fixed before it is sent for the first time: the same batch number never
    /// has two contents. The words are the catalogue's.
    std::string position;
    std::int64_t acknowledged = 0;  ///< number of the last batch the other side has taken
    std::int64_t failures = 0;      ///< of the batch that is under way
    core::WallTime nextTry{};
    bool paused = false;
    std::string lastError;  ///< for people; no secret
    bool operator==(const SharePushRecord&) const = default;
};

/// One batch that was sent, as it stands after the last try.
struct ShareDelivery {
    std::int64_t number = 0;
    std::int64_t rows = 0;
    std::int64_t attempts = 0;
    std::int64_t status = 0;  ///< of HTTP; 0: no answer
    core::WallTime firstAt{};
    core::WallTime lastAt{};
    bool acknowledged = false;
    bool operator==(const ShareDelivery&) const = default;
};

/// Pushes of contracts. Thread-safe, blocking; every write is durable when it returns. Errors as PersonStore.
class SharePushStore {
public:
    virtual ~SharePushStore() = default;
    /// Creates or replaces.
    virtual core::Status put(const SharePushRecord& push) = 0;
    virtual core::Result<std::optional<SharePushRecord>> get(ShareId share) = 0;
    virtual core::Result<std::vector<SharePushRecord>> all() = 0;
    /// What one try came to, with the state of the push after it, in one transaction: never the one without the other.
    virtual core::Status note(const SharePushRecord& push, const ShareDelivery& delivery) = 0;
    /// Newest first.
    virtual core::Result<std::vector<ShareDelivery>> deliveries(ShareId share, std::size_t limit) = 0;
    /// With its deliveries; kNotFound when there is none.
    virtual core::Status remove(ShareId share) = 0;
};

}  // namespace yimen::store
