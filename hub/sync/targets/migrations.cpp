#include "sync/targets/migrations.h"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace yimen::sync {

namespace {

/// {id} and {bytes} stand for the words of the dialect.
constexpr std::array<std::string_view, 9> kFirst{
    R"(CREATE TABLE sync_item (
        code text NOT NULL PRIMARY KEY, table_name text NOT NULL UNIQUE, title text NOT NULL, system text NOT NULL,
        fields text NOT NULL, updated_at bigint NOT NULL))",
    R"(CREATE TABLE sync_run (
        id {id}, item text NOT NULL, mode text NOT NULL, state text NOT NULL, started_at bigint NOT NULL,
        ended_at bigint NOT NULL DEFAULT 0, map_version text NOT NULL, error text NOT NULL DEFAULT '',
        n_read bigint NOT NULL DEFAULT 0, n_inserted bigint NOT NULL DEFAULT 0, n_updated bigint NOT NULL DEFAULT 0,
        n_unchanged bigint NOT NULL DEFAULT 0, n_rejected bigint NOT NULL DEFAULT 0,
        n_deduped bigint NOT NULL DEFAULT 0, n_deleted bigint NOT NULL DEFAULT 0, n_removed bigint NOT NULL DEFAULT 0,
        removal_unseen bigint, removal_before bigint, removal_removed bigint, removal_refused bigint,
        CHECK (n_read = n_inserted + n_updated + n_unchanged + n_rejected + n_deduped + n_deleted)))",
    "CREATE UNIQUE INDEX sync_run_active ON sync_run (item) WHERE state IN ('running', 'retrying')",
    "CREATE INDEX sync_run_item ON sync_run (item, id)",
    R"(CREATE TABLE sync_checkpoint (
        item text NOT NULL, part text NOT NULL, fence bigint NOT NULL, run bigint NOT NULL,
        position text NOT NULL, finished bigint NOT NULL DEFAULT 0, batch bigint NOT NULL DEFAULT 0,
        n_read bigint NOT NULL DEFAULT 0, n_inserted bigint NOT NULL DEFAULT 0, n_updated bigint NOT NULL DEFAULT 0,
        n_unchanged bigint NOT NULL DEFAULT 0, n_rejected bigint NOT NULL DEFAULT 0,
        n_deduped bigint NOT NULL DEFAULT 0, n_deleted bigint NOT NULL DEFAULT 0, n_removed bigint NOT NULL DEFAULT 0,
        updated_at bigint NOT NULL, PRIMARY KEY (item, part),
        CHECK (n_read = n_inserted + n_updated + n_unchanged + n_rejected + n_deduped + n_deleted)))",
    R"(CREATE TABLE sync_batch (
        id {id}, run bigint NOT NULL, part text NOT NULL, number bigint NOT NULL,
        from_position text NOT NULL, after_position text NOT NULL, map_version text NOT NULL,
        n_read bigint NOT NULL, n_inserted bigint NOT NULL, n_updated bigint NOT NULL, n_unchanged bigint NOT NULL,
        n_rejected bigint NOT NULL, n_deduped bigint NOT NULL, n_deleted bigint NOT NULL, n_removed bigint NOT NULL,
        committed_at bigint NOT NULL, UNIQUE (run, part, number)))",
    R"(CREATE TABLE sync_seen (
        run bigint NOT NULL, batch bigint NOT NULL, keys {bytes} NOT NULL, PRIMARY KEY (run, batch)))",
    R"(CREATE TABLE sync_dead_letter (
        id {id}, item text NOT NULL, run bigint NOT NULL, batch bigint NOT NULL, rule text NOT NULL,
        field text NOT NULL, message text NOT NULL, origin bigint NOT NULL, raw {bytes} NOT NULL,
        map_version text NOT NULL, created_at bigint NOT NULL, state text NOT NULL DEFAULT 'open',
        closed_by text NOT NULL DEFAULT '', closed_at bigint NOT NULL DEFAULT 0))",
    "CREATE INDEX sync_dead_letter_open ON sync_dead_letter (item, rule, field, id) WHERE state = 'open'"};

/// asked_fence: a person asked for a run while the holder of this fence was running; -1: nobody.
constexpr std::array<std::string_view, 1> kSecond{
    R"(CREATE TABLE sync_job (
        item text NOT NULL PRIMARY KEY, next_run bigint NOT NULL, paused bigint NOT NULL DEFAULT 0,
        full_read bigint NOT NULL DEFAULT 0, failures bigint NOT NULL DEFAULT 0, owner text NOT NULL DEFAULT '',
        lease_until bigint NOT NULL DEFAULT 0, fence bigint NOT NULL DEFAULT 0,
        asked_fence bigint NOT NULL DEFAULT -1))"};

/// One letter per record and rule while it is open: `identity` is the record's key (keyed = 1) or the hash of its text.
constexpr std::array<std::string_view, 9> kThird{
    "ALTER TABLE sync_dead_letter ADD COLUMN identity bigint NOT NULL DEFAULT 0",
    "ALTER TABLE sync_dead_letter ADD COLUMN keyed bigint NOT NULL DEFAULT 0",
    "ALTER TABLE sync_dead_letter ADD COLUMN times bigint NOT NULL DEFAULT 1",
    "ALTER TABLE sync_dead_letter ADD COLUMN last_run bigint NOT NULL DEFAULT 0",
    "ALTER TABLE sync_dead_letter ADD COLUMN last_seen bigint NOT NULL DEFAULT 0",
    "UPDATE sync_dead_letter SET identity = id, last_run = run, last_seen = created_at",
    "CREATE UNIQUE INDEX sync_dead_letter_one ON sync_dead_letter (item, rule, identity) WHERE state = 'open'",
    "CREATE INDEX sync_dead_letter_key ON sync_dead_letter (item, identity) WHERE state = 'open' AND keyed = 1",
    "CREATE INDEX sync_dead_letter_batch ON sync_dead_letter (item, batch) WHERE state = 'open' AND keyed = 1"};

/// A backfill or a replay is a run beside the item's own.
constexpr std::array<std::string_view, 3> kFourth{
    "ALTER TABLE sync_run ADD COLUMN kind text NOT NULL DEFAULT 'sync'", "DROP INDEX sync_run_active",
    "CREATE UNIQUE INDEX sync_run_active ON sync_run (item, kind) WHERE state IN ('running', 'retrying')"};

/// cancel_fence: somebody wants the run of the holder of this fence to stop; -1: nobody.
constexpr std::array<std::string_view, 1> kFifth{
    "ALTER TABLE sync_job ADD COLUMN cancel_fence bigint NOT NULL DEFAULT -1"};

/// confirmed_run: a person agreed to the removal that the guard of that run held back; 0: none. removal_samples: some
/// of its keys (_key), as a list of JSON.
constexpr std::array<std::string_view, 2> kSixth{
    "ALTER TABLE sync_job ADD COLUMN confirmed_run bigint NOT NULL DEFAULT 0",
    "ALTER TABLE sync_run ADD COLUMN removal_samples text NOT NULL DEFAULT '[]'"};

/// backfill: the range of a backfill as JSON, in a row whose item ends in ":backfill"; empty: the item's own job.
constexpr std::array<std::string_view, 1> kSeventh{"ALTER TABLE sync_job ADD COLUMN backfill text NOT NULL DEFAULT ''"};

constexpr std::array<std::span<const std::string_view>, 7> kSteps{kFirst, kSecond, kThird,  kFourth,
                                                                  kFifth, kSixth,  kSeventh};

std::string inDialect(std::string_view sql, Dialect dialect) {
    const bool sqlite = dialect == Dialect::kSqlite;
    const std::array<std::pair<std::string_view, std::string_view>, 2> words{
        {{"{id}", sqlite ? "integer PRIMARY KEY AUTOINCREMENT" : "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
         {"{bytes}", sqlite ? "blob" : "bytea"}}};
    std::string out(sql);
    for (const auto& [word, means] : words) {
        for (auto at = out.find(word); at != std::string::npos; at = out.find(word, at + means.size())) {
            out.replace(at, word.size(), means);
        }
    }
    return out;
}

core::Status lock(SqlSession& session) {
    if (session.dialect() == Dialect::kSqlite) return {};  // the transaction is the lock
    YIMEN_TRY([[maybe_unused]] const auto locked, session.run("SELECT pg_advisory_xact_lock(6442450944003)"));
    return {};
}

core::Status carryOut(SqlSession& session, std::size_t step) {
    for (const std::string_view sql : kSteps[step]) {
        YIMEN_TRY([[maybe_unused]] const auto made, session.run(inDialect(sql, session.dialect())));
    }
    if (step == 0 && session.dialect() == Dialect::kPostgres) {
        // Hashes do not compress: do not try.
        YIMEN_TRY([[maybe_unused]] const auto stored,
                  session.run("ALTER TABLE sync_seen ALTER COLUMN keys SET STORAGE EXTERNAL"));
    }
    return {};
}

}  // namespace

std::int64_t nowMs(const core::Clock& clock) {
    return core::toUnixMicros(clock.wall()) / 1000;
}

core::Status migrate(SqlSession& session, const core::Clock& clock, std::int64_t upTo) {
    SqlTransaction transaction(session);
    YIMEN_TRY_STATUS(transaction.begin());
    YIMEN_TRY_STATUS(lock(session));
    YIMEN_TRY([[maybe_unused]] const auto made,
              session.run("CREATE TABLE IF NOT EXISTS sync_migration (number bigint NOT NULL PRIMARY KEY, "
                          "applied_at bigint NOT NULL)"));
    YIMEN_TRY(const auto last, session.run("SELECT coalesce(max(number), 0) FROM sync_migration"));
    constexpr auto kNewest = static_cast<std::int64_t>(kSteps.size());
    if (last.number(0, 0) > kNewest) {
        return core::makeError(
            core::ErrorCode::kConflict,
            "共享库由更新版本的程序管理 / the shared database belongs to a newer version of the hub: "
            "upgrade this one");
    }
    const std::int64_t end = upTo == 0 ? kNewest : upTo;
    for (std::int64_t number = last.number(0, 0) + 1; number <= end; ++number) {
        YIMEN_TRY_STATUS(carryOut(session, static_cast<std::size_t>(number - 1)));
        YIMEN_TRY([[maybe_unused]] const auto noted,
                  session.run("INSERT INTO sync_migration VALUES ($1, $2)", {number, nowMs(clock)}));
    }
    return transaction.commit();
}

}  // namespace yimen::sync
