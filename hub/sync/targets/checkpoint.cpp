#include "sync/targets/checkpoint.h"

#include <cstring>

#include "sync/targets/letter_rows.h"
#include "sync/targets/migrations.h"

namespace yimen::sync {

namespace {

core::Error lostClaim() {
    return core::makeError(core::ErrorCode::kConflict,
                           "另一个工作者已接管 / another worker has taken this partition over; nothing was written");
}

std::vector<SqlValue> counterValues(const Counters& counters) {
    std::vector<SqlValue> out;
    for (const std::uint64_t count : {counters.read, counters.inserted, counters.updated, counters.unchanged,
                                      counters.rejected, counters.deduped, counters.deleted, counters.removed}) {
        out.emplace_back(static_cast<std::int64_t>(count));
    }
    return out;
}

void append(std::vector<SqlValue>& values, std::vector<SqlValue> more) {
    values.insert(values.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

core::Status writeSeen(SqlSession& session, const CommitRecord& record) {
    if (!record.batch->complete || record.seen.empty()) return {};
    SqlBytes keys;
    keys.bytes.resize(record.seen.size() * sizeof(std::uint64_t));
    std::memcpy(keys.bytes.data(), record.seen.data(), keys.bytes.size());
    YIMEN_TRY([[maybe_unused]] const auto written,
              session.run("INSERT INTO sync_seen (run, batch, keys) VALUES ($1, $2, $3)",
                          {record.claim->run, record.id, std::move(keys)}));
    return {};
}

constexpr std::string_view kAdd =
    "n_read = n_read + $1, n_inserted = n_inserted + $2, n_updated = n_updated + $3, n_unchanged = n_unchanged + $4, "
    "n_rejected = n_rejected + $5, n_deduped = n_deduped + $6, n_deleted = n_deleted + $7, n_removed = n_removed + $8";

/// " AND fence = $n", unless a test wants to see what happens without it.
void fenced(std::string& sql, std::vector<SqlValue>& values, const Claim& claim, Fencing fencing) {
    if (fencing == Fencing::kOffForProof) return;
    values.emplace_back(claim.fence);
    values.emplace_back(claim.run);
    sql += " AND fence = $" + std::to_string(values.size() - 1) + " AND run = $" + std::to_string(values.size());
}

/// The checkpoint as it is; for another run than the last one with counters of its own.
core::Result<TakenOver> readForRun(SqlSession& session, const Claim& wanted) {
    YIMEN_TRY([[maybe_unused]] const auto begun,
              session.run("UPDATE sync_checkpoint SET run = $3, finished = 0, batch = 0, n_read = 0, n_inserted = 0, "
                          "n_updated = 0, n_unchanged = 0, n_rejected = 0, n_deduped = 0, n_deleted = 0, "
                          "n_removed = 0 WHERE item = $1 AND part = $2 AND run <> $3",
                          {wanted.item, wanted.partition, wanted.run}));
    YIMEN_TRY(const auto rows, session.run("SELECT fence, position, finished, batch, " + std::string(kCounterColumns) +
                                               " FROM sync_checkpoint WHERE item = $1 AND part = $2",
                                           {wanted.item, wanted.partition}));
    if (rows.size() != 1) return core::makeError(core::ErrorCode::kInternal, "检查点丢失 / the checkpoint is gone");
    TakenOver out;
    out.claim = wanted;
    out.claim.fence = rows.number(0, 0);
    out.position = rows.text(0, 1);
    out.finished = rows.number(0, 2) != 0;
    out.batch = rows.number(0, 3);
    out.counters = countersAt(rows, 0, 4);
    YIMEN_TRY(const auto newest, session.run("SELECT coalesce(max(id), 0) FROM sync_batch"));
    out.now.batch = newest.number(0, 0);
    return out;
}

/// Ends the session that has locked the checkpoint: its holder was stopped in the middle of a commit, and whoever takes
/// over has the right to by now. The holder's transaction is undone.
core::Status endHolder(SqlSession& session, const Claim& claim) {
    YIMEN_TRY([[maybe_unused]] const auto ended,
              session.run("SELECT pg_terminate_backend(a.pid, 5000) FROM sync_checkpoint c JOIN pg_stat_activity a ON "
                          "a.backend_xid = c.xmax WHERE c.item = $1 AND c.part = $2 AND a.pid <> pg_backend_pid()",
                          {claim.item, claim.partition}));
    return {};
}

core::Result<TakenOver> tryTakeOver(SqlSession& session, const Claim& wanted, const TargetOptions& options) {
    SqlTransaction transaction(session);
    YIMEN_TRY_STATUS(transaction.begin());
    const std::int64_t now = nowMs(*options.clock);
    if (session.dialect() == Dialect::kPostgres) {
        YIMEN_TRY([[maybe_unused]] const auto limited,
                  session.run("SET LOCAL lock_timeout = " + std::to_string(options.takeOverWait.count())));
    }
    YIMEN_TRY(const auto known, session.run("SELECT 1 FROM sync_checkpoint WHERE item = $1 AND part = $2",
                                            {wanted.item, wanted.partition}));
    if (known.size() == 0) {  // only then: an insert waits for whoever holds the row, fence or no fence
        YIMEN_TRY([[maybe_unused]] const auto made,
                  session.run("INSERT INTO sync_checkpoint (item, part, fence, run, position, updated_at) "
                              "VALUES ($1, $2, 0, $3, '', $4) ON CONFLICT (item, part) DO NOTHING",
                              {wanted.item, wanted.partition, wanted.run, now}));
    }
    if (options.fencing == Fencing::kOn) {  // the row lock: from here on no commit of anybody else is under way
        YIMEN_TRY([[maybe_unused]] const auto raised,
                  session.run("UPDATE sync_checkpoint SET fence = fence + 1, updated_at = $3 WHERE item = $1 AND "
                              "part = $2",
                              {wanted.item, wanted.partition, now}));
    }
    YIMEN_TRY(TakenOver taken, readForRun(session, wanted));
    taken.now.at = now;
    YIMEN_TRY_STATUS(transaction.commit());
    return taken;
}

}  // namespace

const char* const kCounterColumns =
    "n_read, n_inserted, n_updated, n_unchanged, n_rejected, n_deduped, n_deleted, n_removed";

Counters countersAt(const SqlRows& rows, std::size_t row, std::size_t column) {
    const auto count = [&](std::size_t i) { return static_cast<std::uint64_t>(rows.number(row, column + i)); };
    return {count(0), count(1), count(2), count(3), count(4), count(5), count(6), count(7)};
}

core::Result<TakenOver> takeOverPart(SqlSession& session, const Claim& wanted, const TargetOptions& options) {
    auto taken = tryTakeOver(session, wanted, options);
    const bool waited = !taken.ok() && taken.error().code == core::ErrorCode::kUnavailable;
    if (!waited || session.dialect() == Dialect::kSqlite || !session.usable()) return taken;
    YIMEN_TRY_STATUS(endHolder(session, wanted));
    return tryTakeOver(session, wanted, options);
}

core::Status lockCheckpoint(SqlSession& session, const Claim& claim, Fencing fencing) {
    if (fencing == Fencing::kOffForProof) return {};
    const std::string lock = session.dialect() == Dialect::kPostgres ? " FOR UPDATE" : "";
    YIMEN_TRY(
        const auto rows,
        session.run("SELECT 1 FROM sync_checkpoint WHERE item = $1 AND part = $2 AND fence = $3 AND run = $4" + lock,
                    {claim.item, claim.partition, claim.fence, claim.run}));
    if (rows.size() != 1) return lostClaim();
    return {};
}

core::Status lockItem(SqlSession& session, const Claim& claim, const TargetOptions& options) {
    if (session.dialect() == Dialect::kPostgres) {  // elsewhere the transaction is the lock
        YIMEN_TRY([[maybe_unused]] const auto limited,
                  session.run("SET LOCAL lock_timeout = " + std::to_string(options.takeOverWait.count())));
        YIMEN_TRY([[maybe_unused]] const auto locked,
                  session.run("SELECT 1 FROM sync_checkpoint WHERE item = $1 ORDER BY part FOR UPDATE", {claim.item}));
    }
    return lockCheckpoint(session, claim, options.fencing);
}

core::Result<std::int64_t> nextBatchId(SqlSession& session) {
    const bool sqlite = session.dialect() == Dialect::kSqlite;
    YIMEN_TRY(const auto rows,
              session.run(sqlite ? "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'sync_batch'"
                                 : "SELECT nextval(pg_get_serial_sequence('sync_batch', 'id'))"));
    return rows.number(0, 0);
}

core::Status writeRecord(SqlSession& session, const CommitRecord& record, const TargetOptions& options) {
    YIMEN_TRY_STATUS(writeLetters(session, record, options));
    YIMEN_TRY_STATUS(writeSeen(session, record));
    std::vector<SqlValue> values = counterValues(record.added);
    append(values, {record.batch->after, std::int64_t{record.batch->end ? 1 : 0}, record.at, record.claim->item,
                    record.claim->partition});
    std::string sql = "UPDATE sync_checkpoint SET " + std::string(kAdd) +
                      ", position = $9, finished = $10, updated_at = $11, batch = batch + 1 WHERE item = $12 AND "
                      "part = $13";
    fenced(sql, values, *record.claim, options.fencing);
    YIMEN_TRY(const auto number, session.run(sql + " RETURNING batch", values));
    if (number.size() != 1) return lostClaim();
    values = counterValues(record.added);
    append(values, {record.id, record.claim->run, record.claim->partition, number.number(0, 0), record.batch->from,
                    record.batch->after, record.batch->mapVersion, record.at});
    YIMEN_TRY([[maybe_unused]] const auto lineage,
              session.run("INSERT INTO sync_batch (" + std::string(kCounterColumns) +
                              ", id, run, part, number, from_position, after_position, map_version, committed_at) "
                              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                          values));
    return {};
}

core::Status addToCheckpoint(SqlSession& session, const Claim& claim, const Counters& added, Fencing fencing) {
    std::vector<SqlValue> values = counterValues(added);
    append(values, {claim.item, claim.partition});
    std::string sql = "UPDATE sync_checkpoint SET " + std::string(kAdd) + " WHERE item = $9 AND part = $10";
    fenced(sql, values, claim, fencing);
    YIMEN_TRY(const auto done, session.run(sql, values));
    if (done.affected != 1) return lostClaim();
    return {};
}

}  // namespace yimen::sync
