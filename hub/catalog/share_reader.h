#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/share_masks.h"
#include "catalog/share_terms.h"
#include "catalog/unit_tree.h"
#include "core/clock.h"
#include "core/random.h"
#include "crypto/ticket.h"
#include "sync/item_spec.h"
#include "sync/item_view.h"

namespace yimen::catalog {

/// A contract that may be read under now.
struct Contract {
    store::ShareRecord record;
    ShareTerms terms;
    sync::ItemTable table;
};

/// Who reads.
struct ShareAudience {
    std::vector<std::string> roles;     ///< of a person; none for a consuming system
    std::optional<std::string> within;  ///< unit to whose part of the district a person is held
    bool push = false;                  ///< the hub itself, on the way to send changes: looking in vain is no call
};

/// One condition of a caller: "field", or "field.from" and "field.to".
using ShareFilter = std::pair<std::string, std::string>;

struct RowsRequest {
    std::vector<std::string> fields;  ///< empty: all of the contract
    std::vector<ShareFilter> filters;
    std::optional<std::int64_t> asOf;  ///< ms since 1970
    std::string cursor;                ///< of the page before
    std::size_t limit = 500;
};

struct ChangesRequest {
    std::vector<std::string> fields;
    std::string since;  ///< of the answer before; empty: from the beginning, everything there is is new
    std::size_t limit = 500;
};

/// Where a reader of changes stands: `after` in the window (from, to]; to = 0: the window is not open yet.
struct ChangePosition {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::vector<std::string> after;

    std::string text() const;
    static core::Result<ChangePosition> read(const std::string& text);
};

struct RowsAnswer {
    core::Json rows = core::Json::array();  ///< {_id, field: canonical text or null, ...}
    std::string next;                       ///< cursor; empty at the end
    std::size_t count = 0;
};

struct ChangesAnswer {
    core::Json changes = core::Json::array();  ///< {op, _id, field: ...}; op: inserted, updated, deleted
    ChangePosition window;                     ///< what was asked, with its end fixed
    ChangePosition next;
    std::size_t count = 0;
    bool more = false;
};

/// Reading under a contract. What leaves is built from the contract's columns alone, masked for the audience, of rows
/// the database chose by the contract's own condition; filters touch columns the audience sees plain. Cursors are
/// sealed, and good for the same contract, version and question only. The day's quota is taken before anything leaves.
/// Thread-safe, blocking. kDenied outside term or state, kThrottled at the end of the quota.
class ShareReader {
public:
    struct Parts {
        store::ShareStore& shares;
        store::ShareAccessStore& access;
        std::function<sync::ItemSpecPtr(const std::string&)> spec;
        sync::ItemView& view;
        const UnitTree& units;
        const core::Clock& clock;
        core::Random& random;
        const crypto::TicketSealer& tickets;
        ShareMasks masks;
        std::chrono::minutes utcOffset{480};
    };
    static constexpr std::size_t kMaxLimit = 5'000;

    explicit ShareReader(Parts parts) : parts_(std::move(parts)) {}

    core::Result<Contract> open(store::ShareId id) const;
    core::Result<RowsAnswer> rows(const Contract& contract, const ShareAudience& who, const RowsRequest& request);
    /// From a position; the window is opened when it is not, up to what is settled.
    core::Result<ChangesAnswer> changes(const Contract& contract, const ShareAudience& who,
                                        const std::vector<std::string>& fields, ChangePosition position,
                                        std::size_t limit);
    /// Positions as callers keep them, sealed.
    core::Result<std::string> seal(const Contract& contract, const ChangePosition& position) const;
    core::Result<ChangePosition> unseal(const Contract& contract, const std::string& since) const;
    /// Until the next day's quota.
    std::chrono::seconds untilTomorrow() const;
    store::Day today() const;

private:
    struct Shown;
    core::Result<std::vector<Shown>> shown(const Contract& contract, const ShareAudience& who,
                                           const std::vector<std::string>& fields) const;
    /// Nothing for a change of what the contract does not show.
    std::optional<core::Json> changeOf(const Contract& contract, const std::vector<Shown>& columns,
                                       const sync::ChangePage& page, std::size_t row) const;
    core::Json rowOf(const Contract& contract, const std::vector<Shown>& columns, const sync::Batch& rows,
                     std::size_t row) const;
    core::Result<std::vector<sync::Within>> limits(const Contract& contract, const ShareAudience& who) const;
    core::Result<std::vector<sync::Compare>> compares(const Contract& contract, const ShareAudience& who,
                                                      const std::vector<ShareFilter>& filters) const;
    /// How many of `wanted` rows are granted: counted before they leave.
    core::Result<std::size_t> take(const Contract& contract, std::size_t wanted);

    Parts parts_;
};

/// "210299001" and the like: codes of GB/T 2260 and its extensions begin the codes of everything below them.
bool isDivisionCode(std::string_view code) noexcept;

}  // namespace yimen::catalog
