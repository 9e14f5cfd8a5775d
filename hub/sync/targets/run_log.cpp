#include <array>
#include <utility>

#include "sync/targets/checkpoint.h"
#include "sync/targets/migrations.h"
#include "sync/targets/shared_parts.h"

namespace yimen::sync {

namespace {

constexpr std::array kStates{RunState::kRunning, RunState::kDone,     RunState::kPartial,
                             RunState::kFailed,  RunState::kRetrying, RunState::kCancelled};

RunState stateOf(const std::string& name) {
    for (const RunState state : kStates) {
        if (toString(state) == name) return state;
    }
    return RunState::kFailed;
}

RunKind kindOf(const std::string& name) {
    for (const RunKind kind : {RunKind::kBackfill, RunKind::kReplay}) {
        if (toString(kind) == name) return kind;
    }
    return RunKind::kSync;
}

// NOLINTNEXTLINE(cppcoreguidelines-interfaces-global-init): what it is made of is a constant of the compiler
const std::string kRunColumns = std::string(
                                    "id, item, mode, state, started_at, ended_at, map_version, error, removal_unseen, "
                                    "removal_before, removal_removed, removal_refused, kind, ") +
                                kCounterColumns;

Run runAt(const SqlRows& rows, std::size_t row) {
    Run run;
    run.id = rows.number(row, 0);
    run.item = rows.text(row, 1);
    run.mode = rows.text(row, 2) == "full" ? ReadMode::kFull : ReadMode::kIncremental;
    run.state = stateOf(rows.text(row, 3));
    run.startedAt = rows.number(row, 4);
    run.endedAt = rows.number(row, 5);
    run.mapVersion = rows.text(row, 6);
    run.error = rows.text(row, 7);
    if (rows.at(row, 8)) {
        run.removal =
            Removal{static_cast<std::uint64_t>(rows.number(row, 8)), static_cast<std::uint64_t>(rows.number(row, 9)),
                    static_cast<std::uint64_t>(rows.number(row, 10)), rows.number(row, 11) != 0};
    }
    run.kind = kindOf(rows.text(row, 12));
    run.counters = countersAt(rows, row, 13);
    return run;
}

/// While a run is under way its counters are those of its checkpoints.
core::Status addLive(SqlSession& session, Run& run) {
    if (run.state != RunState::kRunning && run.state != RunState::kRetrying) return {};
    YIMEN_TRY(const auto sums, session.run("SELECT " + std::string(kCounterColumns) +
                                               " FROM sync_checkpoint WHERE item = $1 AND run = $2",
                                           {run.item, run.id}));
    run.counters = {};
    for (std::size_t i = 0; i < sums.size(); ++i) run.counters += countersAt(sums, i, 0);
    return {};
}

class SqlRunLog final : public RunLog {
public:
    SqlRunLog(std::shared_ptr<SqlPool> pool, TargetOptions options)
        : pool_(std::move(pool)), options_(std::move(options)) {}

    core::Result<Run> begin(const std::string& item, ReadMode mode, const std::string& mapVersion,
                            RunKind kind) override {
        YIMEN_TRY(auto session, pool_->lease());
        SqlTransaction transaction(*session);
        YIMEN_TRY_STATUS(transaction.begin());
        YIMEN_TRY(auto rows,
                  session->run("UPDATE sync_run SET state = 'running', ended_at = 0, error = '' WHERE item = "
                               "$1 AND kind = $2 AND state IN ('running', 'retrying') RETURNING " +
                                   kRunColumns,
                               {item, std::string(toString(kind))}));
        if (rows.size() == 0) {
            YIMEN_TRY(rows,
                      session->run("INSERT INTO sync_run (item, mode, state, started_at, map_version, kind) VALUES "
                                   "($1, $2, 'running', $3, $4, $5) RETURNING " +
                                       kRunColumns,
                                   {item, std::string(mode == ReadMode::kFull ? "full" : "incremental"),
                                    nowMs(*options_.clock), mapVersion, std::string(toString(kind))}));
        }
        Run run = runAt(rows, 0);
        YIMEN_TRY_STATUS(addLive(*session, run));
        YIMEN_TRY_STATUS(transaction.commit());
        return run;
    }

    core::Status finish(RunId id, RunState state, const std::string& error) override {
        YIMEN_TRY(auto session, pool_->lease());
        SqlTransaction transaction(*session);
        YIMEN_TRY_STATUS(transaction.begin());
        YIMEN_TRY(const auto rows, session->run("SELECT " + kRunColumns + " FROM sync_run WHERE id = $1", {id}));
        if (rows.size() == 0) return core::makeError(core::ErrorCode::kNotFound, "没有这次运行 / there is no such run");
        Run run = runAt(rows, 0);
        if (run.state != RunState::kRunning && run.state != RunState::kRetrying) {
            return core::makeError(core::ErrorCode::kConflict, "运行已结束 / the run has ended already");
        }
        YIMEN_TRY_STATUS(addLive(*session, run));
        const bool over = state != RunState::kRunning && state != RunState::kRetrying;
        std::vector<SqlValue> values{id, std::string(toString(state)), over ? nowMs(*options_.clock) : std::int64_t{0},
                                     error};
        const Counters& sum = run.counters;
        for (const std::uint64_t count : {sum.read, sum.inserted, sum.updated, sum.unchanged, sum.rejected, sum.deduped,
                                          sum.deleted, sum.removed}) {
            values.emplace_back(static_cast<std::int64_t>(count));
        }
        YIMEN_TRY([[maybe_unused]] const auto done,
                  session->run("UPDATE sync_run SET state = $2, ended_at = $3, error = $4, n_read = $5, n_inserted = "
                               "$6, n_updated = $7, n_unchanged = $8, n_rejected = $9, n_deduped = $10, n_deleted = "
                               "$11, n_removed = $12 WHERE id = $1",
                               values));
        if (over) {
            YIMEN_TRY([[maybe_unused]] const auto gone, session->run("DELETE FROM sync_seen WHERE run = $1", {id}));
        }
        return transaction.commit();
    }

    core::Result<std::optional<Run>> find(RunId id) override {
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto rows, session->run("SELECT " + kRunColumns + " FROM sync_run WHERE id = $1", {id}));
        if (rows.size() == 0) return std::optional<Run>();
        Run run = runAt(rows, 0);
        YIMEN_TRY_STATUS(addLive(*session, run));
        return std::optional<Run>(std::move(run));
    }

    core::Result<std::vector<Run>> list(const std::string& item, std::size_t limit) override {
        YIMEN_TRY(auto session, pool_->lease());
        std::vector<SqlValue> values{static_cast<std::int64_t>(limit)};
        if (!item.empty()) values.emplace_back(item);
        YIMEN_TRY(const auto rows,
                  session->run("SELECT " + kRunColumns + " FROM sync_run " + (item.empty() ? "" : "WHERE item = $2 ") +
                                   "ORDER BY id DESC LIMIT $1",
                               values));
        std::vector<Run> out;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            out.push_back(runAt(rows, i));
            YIMEN_TRY_STATUS(addLive(*session, out.back()));
        }
        return out;
    }

    core::Result<std::vector<CommittedBatch>> batches(RunId run, std::size_t limit) override {
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(
            const auto rows,
            session->run("SELECT run, part, number, from_position, after_position, committed_at, " +
                             std::string(kCounterColumns) + " FROM sync_batch WHERE run = $1 ORDER BY id DESC LIMIT $2",
                         {run, static_cast<std::int64_t>(limit)}));
        std::vector<CommittedBatch> out;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            CommittedBatch batch;
            batch.run = rows.number(i, 0);
            batch.partition = rows.text(i, 1);
            batch.number = rows.number(i, 2);
            batch.from = rows.text(i, 3);
            batch.after = rows.text(i, 4);
            batch.committedAt = rows.number(i, 5);
            batch.counters = countersAt(rows, i, 6);
            out.push_back(std::move(batch));
        }
        return out;
    }

private:
    std::shared_ptr<SqlPool> pool_;
    const TargetOptions options_;
};

}  // namespace

std::unique_ptr<RunLog> makeRunLog(std::shared_ptr<SqlPool> pool, TargetOptions options) {
    return std::make_unique<SqlRunLog>(std::move(pool), std::move(options));
}

}  // namespace yimen::sync
