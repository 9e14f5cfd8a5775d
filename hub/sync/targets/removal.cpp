#include <algorithm>
#include <cstring>

#include "sync/targets/checkpoint.h"
#include "sync/targets/item_tables.h"
#include "sync/targets/key_table.h"
#include "sync/targets/letter_rows.h"
#include "sync/targets/migrations.h"
#include "sync/targets/names.h"
#include "sync/targets/shared_parts.h"

namespace yimen::sync {

namespace {

/// Keys removed by one statement.
constexpr std::size_t kChunk = 100'000;

/// Rows of this run, and of whoever wrote beside it (a backfill, a replay) since it began, are at the source.
constexpr const char* kNotOfThisRun =
    "_batch NOT IN (SELECT id FROM sync_batch WHERE run = $1 OR (committed_at >= (SELECT started_at FROM sync_run "
    "WHERE id = $1) AND run IN (SELECT id FROM sync_run WHERE kind <> 'sync')))";

std::uint64_t unsignedKey(const SqlCell& cell) {
    SqlRows one;
    one.columns = 1;
    one.cells = {cell};
    return static_cast<std::uint64_t>(one.number(0, 0));
}

/// Keys of one pass that the run saw unchanged.
core::Result<KeyTable> seenKeys(SqlSession& session, RunId run, std::uint64_t pass, std::uint64_t passes) {
    KeyTable seen;
    YIMEN_TRY_STATUS(session.each(
        "SELECT keys FROM sync_seen WHERE run = $1", {run}, [&](const std::vector<SqlCell>& cells) -> core::Status {
            const std::string& bytes = *cells[0];
            for (std::size_t at = 0; at + sizeof(std::uint64_t) <= bytes.size(); at += sizeof(std::uint64_t)) {
                std::uint64_t key = 0;
                std::memcpy(&key, bytes.data() + at, sizeof(key));
                if (key % passes == pass) seen.set(key, 0);
            }
            return {};
        }));
    return seen;
}

core::Result<std::vector<std::uint64_t>> unseenKeys(SqlSession& session, const ItemTable& item, RunId run,
                                                    std::size_t maxKeys) {
    YIMEN_TRY(const auto total,
              session.run("SELECT coalesce(sum(length(keys)), 0) FROM sync_seen WHERE run = $1", {run}));
    const std::uint64_t keys = static_cast<std::uint64_t>(total.number(0, 0)) / sizeof(std::uint64_t);
    const std::uint64_t passes = 1 + keys / std::max<std::size_t>(1, maxKeys);
    std::vector<std::uint64_t> unseen;
    for (std::uint64_t pass = 0; pass < passes; ++pass) {
        YIMEN_TRY(const KeyTable seen, seenKeys(session, run, pass, passes));
        YIMEN_TRY_STATUS(session.each("SELECT _key FROM " + quotedName(item.table) + " WHERE " + kNotOfThisRun, {run},
                                      [&](const std::vector<SqlCell>& cells) -> core::Status {
                                          const std::uint64_t key = unsignedKey(cells[0]);
                                          if (key % passes == pass && !seen.find(key)) unseen.push_back(key);
                                          return {};
                                      }));
    }
    return unseen;
}

core::Result<std::uint64_t> removeKeys(SqlSession& session, const ItemTable& item, RunId run,
                                       const std::vector<std::uint64_t>& keys, std::int64_t now) {
    const bool sqlite = session.dialect() == Dialect::kSqlite;
    const std::string which =
        std::string(" WHERE _key ") +
        (sqlite ? "IN (SELECT value FROM json_each($2)) AND " : "= ANY (CAST($2 AS bigint[])) AND ") + kNotOfThisRun;
    const std::string stored = storedList(item.schema);
    const std::string until = sqlite ? "max($3, _valid_from)" : "greatest(CAST($3 AS bigint), _valid_from)";
    std::uint64_t removed = 0;
    for (std::size_t begin = 0; begin < keys.size(); begin += kChunk) {
        const std::size_t size = std::min(kChunk, keys.size() - begin);
        const std::string array = keyArray(std::span(keys).subspan(begin, size), session.dialect());
        YIMEN_TRY(
            [[maybe_unused]] const auto kept,
            session.run("INSERT INTO " + quotedName(historyName(item.table)) + " (" + stored + ", _valid_to) SELECT " +
                            stored + ", " + until + " FROM " + quotedName(item.table) + which,
                        {run, array, now}));
        YIMEN_TRY(const auto gone, session.run("DELETE FROM " + quotedName(item.table) + which, {run, array}));
        removed += static_cast<std::uint64_t>(gone.affected);
    }
    return removed;
}

/// What a person said yes to, or nothing: no refusal of this item under that number.
core::Result<std::optional<std::uint64_t>> confirmed(SqlSession& session, const ItemTable& item,
                                                     const std::optional<RunId>& run) {
    if (!run) return std::optional<std::uint64_t>();
    YIMEN_TRY(const auto rows, session.run("SELECT removal_unseen FROM sync_run WHERE id = $1 AND item = $2 AND "
                                           "removal_refused = 1",
                                           {*run, item.code}));
    if (rows.size() == 0) return std::optional<std::uint64_t>();
    return std::optional<std::uint64_t>(static_cast<std::uint64_t>(rows.number(0, 0)));
}

core::Result<bool> mayRemove(SqlSession& session, const ItemTable& item, const Claim& claim, const RemovalGuard& guard,
                             const Removal& removal) {
    YIMEN_TRY(const auto read, session.run("SELECT coalesce(sum(n_read), 0) FROM sync_checkpoint WHERE item = $1 AND "
                                           "run = $2",
                                           {claim.item, claim.run}));
    const double limit = guard.maxShare * static_cast<double>(removal.before);
    YIMEN_TRY(const auto agreed, confirmed(session, item, guard.confirmedBy));
    if (agreed) {  // what was agreed to, and as much more as would have needed no asking
        return static_cast<double>(removal.unseen) <= static_cast<double>(*agreed) + limit;
    }
    if (guard.hold) return false;
    if (guard.refuseEmpty && read.number(0, 0) == 0 && removal.before > 0) return false;
    return static_cast<double>(removal.unseen) <= limit;
}

/// `samples`: keys for a person to look at.
core::Status note(SqlSession& session, RunId run, const Removal& removal, std::span<const std::uint64_t> samples) {
    YIMEN_TRY([[maybe_unused]] const auto noted,
              session.run("UPDATE sync_run SET removal_unseen = $2, removal_before = $3, removal_removed = $4, "
                          "removal_refused = $5, removal_samples = $6 WHERE id = $1",
                          {run, static_cast<std::int64_t>(removal.unseen), static_cast<std::int64_t>(removal.before),
                           static_cast<std::int64_t>(removal.removed), std::int64_t{removal.refused ? 1 : 0},
                           keyArray(samples, Dialect::kSqlite)}));
    return {};
}

}  // namespace

core::Result<Removal> removeUnseenRows(SqlSession& session, const ItemTable& item, const RemovalOrder& order,
                                       const TargetOptions& options) {
    const auto& [claim, guard, allSeen] = order;
    const auto at = [&](const char* point) {
        if (options.failPoint) options.failPoint(point);
    };
    SqlTransaction transaction(session);
    YIMEN_TRY_STATUS(transaction.begin());
    YIMEN_TRY_STATUS(lockCheckpoint(session, claim, options.fencing));
    YIMEN_TRY(const auto done, session.run("SELECT removal_unseen, removal_before, removal_removed FROM sync_run WHERE "
                                           "id = $1 AND removal_refused = 0",
                                           {claim.run}));
    if (done.size() == 1) {  // removed before a crash: what it was then
        return Removal{static_cast<std::uint64_t>(done.number(0, 0)), static_cast<std::uint64_t>(done.number(0, 1)),
                       static_cast<std::uint64_t>(done.number(0, 2)), false};
    }
    Removal removal;
    std::vector<std::uint64_t> unseen;
    if (allSeen) {
        removal.before = *allSeen;
    } else {
        YIMEN_TRY(const auto count, session.run("SELECT count(*) FROM " + quotedName(item.table)));
        removal.before = static_cast<std::uint64_t>(count.number(0, 0));
        YIMEN_TRY(unseen, unseenKeys(session, item, claim.run, options.maxKeys));
    }
    removal.unseen = unseen.size();
    YIMEN_TRY(const bool allowed, mayRemove(session, item, claim, guard, removal));
    removal.refused = !allowed;
    if (allowed) {
        YIMEN_TRY(removal.removed, removeKeys(session, item, claim.run, unseen, nowMs(*options.clock)));
        Counters added;
        added.removed = removal.removed;
        YIMEN_TRY_STATUS(addToCheckpoint(session, claim, added, options.fencing));
        YIMEN_TRY_STATUS(closeVanished(session, item.code, claim.run, nowMs(*options.clock)));
    }
    at("merge");
    const std::size_t shown = allowed ? 0 : std::min(unseen.size(), ItemRows::kMaxHeldBack);
    YIMEN_TRY_STATUS(note(session, claim.run, removal, std::span(unseen).first(shown)));
    at("before_commit");
    YIMEN_TRY_STATUS(transaction.commit());
    at("after_commit");
    return removal;
}

}  // namespace yimen::sync
