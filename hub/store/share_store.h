#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

using ShareId = std::int64_t;
using ShareTokenId = std::int64_t;

/// What one unit may have of one data item: first a request, then a contract. What the words of `state` and `terms`
/// mean is the catalogue's business (catalog/share.h).
struct ShareRecord {
    ShareId id = 0;
    std::string item;  ///< code of the catalogue
    std::string unit;  ///< code of the unit that asks
    PersonId requester = 0;
    std::string purpose;
    std::string legalBasis;
    std::string terms;  ///< JSON: columns with masks, rows, quotas
    std::string state;
    PersonId decidedBy = 0;
    core::WallTime from{};  ///< first moment of the term
    core::WallTime to{};    ///< first moment behind the term
    core::WallTime createdAt{};
    core::WallTime changedAt{};
    std::int64_t version = 1;  ///< counts changes; given by the store
    bool operator==(const ShareRecord&) const = default;
};

/// One change of a share's state: who, when, why. Never changed afterwards.
struct ShareEventRecord {
    core::WallTime at{};
    PersonId actor = 0;
    std::string action;
    std::string state;  ///< after it
    std::string reason;
    bool operator==(const ShareEventRecord&) const = default;
};

/// Requests and contracts. Thread-safe, blocking; every write is durable when it returns. Errors as PersonStore.
class ShareStore {
public:
    virtual ~ShareStore() = default;
    /// Gives the record its number; `event` is the first of its history.
    virtual core::Result<ShareRecord> create(const ShareRecord& share, const ShareEventRecord& event) = 0;
    virtual core::Result<std::optional<ShareRecord>> get(ShareId id) = 0;
    /// Newest first; `state` empty: all.
    virtual core::Result<std::vector<ShareRecord>> list(const std::string& state) = 0;
    /// Replaces everything but item, unit, requester and creation; kConflict when `share.version` is not the stored
    /// one any more. The new version comes back.
    virtual core::Result<std::int64_t> update(const ShareRecord& share, const ShareEventRecord& event) = 0;
    /// Oldest first.
    virtual core::Result<std::vector<ShareEventRecord>> events(ShareId id) = 0;
};

/// A secret text by which a consuming system shows that it may read under a contract. Only its hash is here.
struct ShareTokenRecord {
    ShareTokenId id = 0;
    ShareId share = 0;
    std::string name;
    std::string hash;  ///< hexadecimal
    PersonId issuedBy = 0;
    core::WallTime createdAt{};
    core::WallTime lastUsedAt{};  ///< the epoch: never
    core::WallTime revokedAt{};   ///< the epoch: it is good
};

/// What was read under a contract in one day.
struct ShareUse {
    Day day = 0;
    std::int64_t calls = 0;
    std::int64_t rows = 0;
    bool operator==(const ShareUse&) const = default;
};

/// What may be read in one day.
struct ShareQuota {
    std::int64_t calls = 0;
    std::int64_t rows = 0;
};

/// Tokens and daily use of contracts. Thread-safe, blocking. Errors as PersonStore.
class ShareAccessStore {
public:
    virtual ~ShareAccessStore() = default;
    /// Durable.
    virtual core::Result<ShareTokenRecord> addToken(const ShareTokenRecord& token) = 0;
    virtual core::Result<std::optional<ShareTokenRecord>> token(ShareTokenId id) = 0;
    virtual core::Result<std::vector<ShareTokenRecord>> tokens(ShareId share) = 0;
    /// Durable; kNotFound when the contract has no such token, kConflict when it is revoked already.
    virtual core::Status revokeToken(ShareId share, ShareTokenId token, core::WallTime at) = 0;
    virtual core::Status noteUse(ShareTokenId token, core::WallTime at) = 0;

    /// Counts one call with `rows` rows in one statement, unless a quota would be passed: of any number of parallel
    /// calls together none gets past it. False: nothing was counted.
    virtual core::Result<bool> take(ShareId share, Day day, std::int64_t rows, const ShareQuota& quota) = 0;
    /// From `first` on, by day.
    virtual core::Result<std::vector<ShareUse>> uses(ShareId share, Day first) = 0;
};

}  // namespace yimen::store
