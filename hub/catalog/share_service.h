#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/owners.h"
#include "catalog/share_terms.h"
#include "core/clock.h"
#include "sync/item_spec.h"

namespace yimen::catalog {

/// Words of ShareRecord::state. requested -> active | returned | refused; returned -> requested; active <-> suspended;
/// active, suspended, requested, returned -> ended. Refused and ended are for ever.
namespace share_state {
inline constexpr std::string_view kRequested = "requested";
inline constexpr std::string_view kReturned = "returned";
inline constexpr std::string_view kRefused = "refused";
inline constexpr std::string_view kActive = "active";
inline constexpr std::string_view kSuspended = "suspended";
inline constexpr std::string_view kEnded = "ended";
}  // namespace share_state

/// Who acts on a share. What the person is was looked up by the caller.
struct ShareActor {
    store::PersonId person = 0;
    bool owner = false;     ///< may decide for the unit that answers for the item
    bool consumer = false;  ///< belongs to the unit that asks
    bool security = false;  ///< security administrator: may stop sharing, not start it
};

/// What a person asks for.
struct ShareDraft {
    std::string item;
    std::string unit;
    std::string purpose;
    std::string legalBasis;
    core::Json terms;
    core::WallTime from{};
    core::WallTime to{};
};

/// Requests and contracts: what may become of them and by whom. Whoever asks never decides. The caller audits; every
/// change is in the share's own history too. Thread-safe, blocking.
class ShareService {
public:
    struct Parts {
        store::ShareStore& shares;
        const Catalog& catalog;
        /// How the item is supplied; null when it is not.
        std::function<sync::ItemSpecPtr(const std::string&)> spec;
        const Owners& owners;
        const UnitTree& units;
        const core::Clock& clock;
    };
    static constexpr std::size_t kMaxPurpose = 500;
    static constexpr std::chrono::hours kLongestTerm{24 * 366 * 3};

    explicit ShareService(Parts parts) : parts_(std::move(parts)) {}

    /// kInvalidInput with every fault of the draft; kDenied for an item that is not shared (不予共享).
    core::Result<store::ShareRecord> request(const ShareDraft& draft, const ShareActor& actor);
    /// A request that was returned, or is still waiting, in other words.
    core::Result<store::ShareRecord> revise(store::ShareId id, const ShareDraft& draft, const ShareActor& actor);
    /// approve, return, refuse, suspend, resume, end. `version` as the person saw it. kDenied when it is not theirs to
    /// do, kConflict when the state does not allow it or has changed meanwhile.
    core::Result<store::ShareRecord> act(store::ShareId id, const std::string& action, const std::string& reason,
                                         std::int64_t version, const ShareActor& actor);

    core::Result<store::ShareRecord> find(store::ShareId id) const;
    /// Code of the unit that decides; empty when the item is gone from the catalogue or nobody answers for it.
    std::string ownerOf(const store::ShareRecord& share) const { return ownerOf(share.item); }
    std::string ownerOf(const std::string& item) const;
    /// How an item is supplied; null when it is not.
    sync::ItemSpecPtr specOf(const std::string& item) const { return parts_.spec(item); }

private:
    core::Result<ShareTerms> check(const ShareDraft& draft) const;

    Parts parts_;
};

}  // namespace yimen::catalog
