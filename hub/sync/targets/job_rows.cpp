#include <array>
#include <set>
#include <utility>

#include "core/json.h"
#include "sync/targets/migrations.h"
#include "sync/targets/shared_parts.h"

namespace yimen::sync {

namespace {

/// The item whose job a row is.
std::string itemOf(const std::string& name) {
    return name.substr(0, name.find(':'));
}

std::string textOf(const Range& range) {
    return core::writeJson({{"column", range.column}, {"from", range.from}, {"to", range.to}});
}

std::optional<Range> rangeOf(const std::string& text) {
    const auto json = core::parseJson(text);
    if (!json.ok() || !json->is_object()) return std::nullopt;
    const auto member = [&](const char* name) { return json->value(name, std::string()); };
    return Range{member("column"), member("from"), member("to")};
}

class SqlJobQueue final : public JobQueue {
public:
    SqlJobQueue(std::shared_ptr<SqlPool> pool, TargetOptions options)
        : pool_(std::move(pool)), options_(std::move(options)) {}

    core::Result<std::optional<JobLease>> claim(const std::string& owner, std::chrono::milliseconds lease) override {
        YIMEN_TRY(auto session, pool_->lease());
        // Nodes step over each other's rows instead of queueing behind them. SQLite has one writer at a time anyway.
        const std::string skip = session->dialect() == Dialect::kPostgres ? " FOR UPDATE SKIP LOCKED" : "";
        const std::int64_t now = nowMs(*options_.clock);
        YIMEN_TRY(
            const auto rows,
            session->run("UPDATE sync_job SET owner = $1, lease_until = $2, fence = fence + 1 WHERE item = (SELECT "
                         "item FROM sync_job WHERE next_run > 0 AND next_run <= $3 AND paused = 0 AND lease_until "
                         "<= $3 ORDER BY next_run, item LIMIT 1" +
                             skip + ") RETURNING item, fence, full_read, failures, confirmed_run, backfill",
                         {owner, now + lease.count(), now}));
        if (rows.size() == 0) return std::optional<JobLease>();
        JobLease out{itemOf(rows.text(0, 0)), rows.number(0, 1), rows.number(0, 2) != 0, rows.number(0, 3)};
        if (rows.number(0, 4) != 0) out.confirmedRun = rows.number(0, 4);
        out.backfill = rangeOf(rows.text(0, 5));
        return std::optional<JobLease>(std::move(out));
    }

    core::Result<bool> extend(const JobLease& lease, std::chrono::milliseconds by) override {
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto rows, session->run("UPDATE sync_job SET lease_until = $3 WHERE item = $1 AND fence = $2",
                                                {lease.name(), lease.fence, nowMs(*options_.clock) + by.count()}));
        return rows.affected == 1;
    }

    core::Result<std::vector<std::string>> cancelled(const std::string& owner) override {
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto rows,
                  session->run("SELECT item FROM sync_job WHERE owner = $1 AND cancel_fence = fence", {owner}));
        std::vector<std::string> out;
        for (std::size_t i = 0; i < rows.size(); ++i) out.push_back(rows.text(i, 0));
        return out;
    }

    core::Status complete(const JobLease& lease, std::int64_t nextRun, bool failed) override {
        YIMEN_TRY(auto session, pool_->lease());
        if (lease.backfill) {
            YIMEN_TRY([[maybe_unused]] const auto over,
                      session->run("DELETE FROM sync_job WHERE item = $1 AND fence = $2", {lease.name(), lease.fence}));
            return {};
        }
        // A person who asked for a run meanwhile gets one; what was confirmed is still to be done after a failure.
        YIMEN_TRY([[maybe_unused]] const auto rows,
                  session->run("UPDATE sync_job SET owner = '', lease_until = 0, next_run = CASE WHEN asked_fence = "
                               "fence THEN next_run ELSE $3 END, full_read = CASE WHEN asked_fence = fence OR ($4 = 1 "
                               "AND confirmed_run <> 0) THEN full_read ELSE 0 END, confirmed_run = CASE WHEN $4 = 0 "
                               "AND confirmed_run = $5 THEN 0 ELSE confirmed_run END, failures = CASE WHEN $4 = 1 "
                               "THEN failures + 1 ELSE 0 END WHERE item = $1 AND fence = $2",
                               {lease.item, lease.fence, nextRun, std::int64_t{failed ? 1 : 0},
                                lease.confirmedRun.value_or(0)}));
        return {};
    }

private:
    std::shared_ptr<SqlPool> pool_;
    const TargetOptions options_;
};

class SqlJobBoard final : public JobBoard {
public:
    SqlJobBoard(std::shared_ptr<SqlPool> pool, TargetOptions options)
        : pool_(std::move(pool)), options_(std::move(options)) {}

    core::Status declare(const std::vector<std::pair<std::string, std::int64_t>>& firstRuns) override {
        YIMEN_TRY(auto session, pool_->lease());
        SqlTransaction transaction(*session);
        YIMEN_TRY_STATUS(transaction.begin());
        std::set<std::string> wanted;
        for (const auto& [item, first] : firstRuns) {
            wanted.insert(item);
            YIMEN_TRY(
                [[maybe_unused]] const auto made,
                session->run("INSERT INTO sync_job (item, next_run) VALUES ($1, $2) ON CONFLICT (item) DO NOTHING",
                             {item, first}));
        }
        YIMEN_TRY(const auto known, session->run("SELECT item FROM sync_job"));
        for (std::size_t i = 0; i < known.size(); ++i) {
            if (wanted.contains(itemOf(known.text(i, 0)))) continue;
            YIMEN_TRY([[maybe_unused]] const auto gone,
                      session->run("DELETE FROM sync_job WHERE item = $1", {known.text(i, 0)}));
        }
        return transaction.commit();
    }

    core::Result<std::vector<Job>> list() override {
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto rows,
                  session->run("SELECT item, next_run, paused, full_read, failures, owner, lease_until, "
                               "fence, confirmed_run, backfill FROM sync_job ORDER BY item"));
        std::vector<Job> out;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            out.push_back({itemOf(rows.text(i, 0)), rows.number(i, 1), rows.number(i, 2) != 0, rows.number(i, 3) != 0,
                           rows.number(i, 4), rows.text(i, 5), rows.number(i, 6), rows.number(i, 7), rows.number(i, 8),
                           rangeOf(rows.text(i, 9))});
        }
        return out;
    }

    core::Status pause(const std::string& item, bool paused) override {
        return change("UPDATE sync_job SET paused = $2 WHERE item = $1", item, std::int64_t{paused ? 1 : 0});
    }

    core::Status runNow(const std::string& item, bool full) override {
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto rows,
                  session->run("UPDATE sync_job SET next_run = $2, full_read = CASE WHEN confirmed_run "
                               "<> 0 THEN 1 ELSE $3 END, asked_fence = CASE WHEN owner = '' THEN -1 "
                               "ELSE fence END WHERE item = $1",
                               {item, nowMs(*options_.clock), std::int64_t{full ? 1 : 0}}));
        return rows.affected == 1 ? core::Status() : unknown(item);
    }

    core::Status confirmRemoval(const std::string& item, RunId run) override {
        YIMEN_TRY(auto session, pool_->lease());
        SqlTransaction transaction(*session);
        YIMEN_TRY_STATUS(transaction.begin());
        YIMEN_TRY(const auto waits, session->run("SELECT 1 FROM sync_run WHERE id = $1 AND item = $2 AND "
                                                 "removal_refused = 1 AND state = 'partial' AND NOT EXISTS (SELECT 1 "
                                                 "FROM sync_run AS later WHERE later.item = $2 AND later.id > $1 AND "
                                                 "later.kind = 'sync' AND later.removal_refused IS NOT NULL)",
                                                 {run, item}));
        if (waits.size() == 0) {
            return core::makeError(core::ErrorCode::kConflict, "没有等待确认的删除 / no removal of '" + item +
                                                                   "' waits in run " + std::to_string(run) +
                                                                   ": look at its newest complete read");
        }
        YIMEN_TRY(const auto rows, session->run("UPDATE sync_job SET confirmed_run = $2, full_read = 1, next_run = $3, "
                                                "asked_fence = CASE WHEN owner = '' THEN -1 ELSE fence END WHERE item "
                                                "= $1",
                                                {item, run, nowMs(*options_.clock)}));
        return rows.affected == 1 ? transaction.commit() : unknown(item);
    }

    core::Status backfill(const std::string& item, const Range& range) override {
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto rows,
                  session->run("INSERT INTO sync_job (item, next_run, backfill) SELECT $2, $3, $4 FROM sync_job WHERE "
                               "item = $1 ON CONFLICT (item) DO NOTHING",
                               {item, jobName(item, true), nowMs(*options_.clock), textOf(range)}));
        if (rows.affected == 1) return {};
        YIMEN_TRY(const auto known, session->run("SELECT 1 FROM sync_job WHERE item = $1", {item}));
        if (known.size() == 0) return unknown(item);
        return core::makeError(core::ErrorCode::kConflict,
                               "已有一个区间在重读 / a range of '" + item + "' is being read again: cancel it first");
    }

    core::Status cancel(const std::string& code, bool backfill) override {
        YIMEN_TRY(auto session, pool_->lease());
        const std::string item = jobName(code, backfill);
        YIMEN_TRY(const auto rows, session->run("UPDATE sync_job SET cancel_fence = fence WHERE item = $1 AND owner <> "
                                                "'' AND lease_until > $2",
                                                {item, nowMs(*options_.clock)}));
        if (rows.affected == 1) return {};
        if (backfill) {
            YIMEN_TRY(const auto gone, session->run("DELETE FROM sync_job WHERE item = $1 AND lease_until <= $2",
                                                    {item, nowMs(*options_.clock)}));
            if (gone.affected == 1) return {};
        }
        YIMEN_TRY(const auto known, session->run("SELECT 1 FROM sync_job WHERE item = $1", {code}));
        if (known.size() == 0) return unknown(code);
        return core::makeError(core::ErrorCode::kConflict, "没有在运行 / '" + item + "' does not run now");
    }

private:
    static core::Error unknown(const std::string& item) {
        return core::makeError(core::ErrorCode::kNotFound, "没有这个任务 / there is no job for '" + item + "'");
    }
    core::Status change(const std::string& sql, const std::string& item, std::int64_t value) {
        YIMEN_TRY(auto session, pool_->lease());
        YIMEN_TRY(const auto rows, session->run(sql, {item, value}));
        return rows.affected == 1 ? core::Status() : unknown(item);
    }

    std::shared_ptr<SqlPool> pool_;
    const TargetOptions options_;
};

}  // namespace

std::unique_ptr<JobQueue> makeJobQueue(std::shared_ptr<SqlPool> pool, TargetOptions options) {
    return std::make_unique<SqlJobQueue>(std::move(pool), std::move(options));
}

std::unique_ptr<JobBoard> makeJobBoard(std::shared_ptr<SqlPool> pool, TargetOptions options) {
    return std::make_unique<SqlJobBoard>(std::move(pool), std::move(options));
}

}  // namespace yimen::sync
