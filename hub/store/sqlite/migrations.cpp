#include "store/sqlite/migrations.h"

#include <string>

#include "store/sqlite/guard.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

using core::ErrorCode;
using core::makeError;

namespace {

constexpr std::int64_t kApplicationId = 0x59694d6e;  // "YiMn", so that another program's file is not taken for ours

std::int64_t number(Poco::Data::Session& session, const char* sql) {
    std::int64_t value = 0;
    Query(session, sql).each<Poco::Int64>([&](Poco::Int64 found) { value = found; });
    return value;
}

core::Status claim(Poco::Data::Session& session) {
    const std::int64_t id = number(session, "PRAGMA application_id");
    if (id == kApplicationId) return {};
    if (id != 0 || number(session, "SELECT count(*) FROM sqlite_master") != 0) {
        return makeError(ErrorCode::kCorrupt, "the data file belongs to another program; name another file");
    }
    Query(session, "PRAGMA application_id = 0x59694d6e").run();
    Query(session, "CREATE TABLE schema_steps (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT").run();
    return {};
}

/// Everything inside the transaction, the look at the version included: another process may have been faster.
core::Status step(Poco::Data::Session& session, const Migration& migration) {
    if (number(session, "SELECT coalesce(max(number), 0) FROM schema_steps") >= migration.number) return {};
    for (const char* statement : migration.statements) Query(session, statement).run();
    Query(session, "INSERT INTO schema_steps (number, name) VALUES (?, ?)")
        .bind(std::int64_t{migration.number})
        .bind(std::string(migration.name))
        .run();
    return {};
}

core::Status inTransaction(Poco::Data::Session& session, const char* name, const std::function<core::Status()>& work) {
    YIMEN_TRY_STATUS(guarded(name, [&] {
        Query(session, "BEGIN IMMEDIATE").run();
        return core::Status{};
    }));
    core::Status done = guarded(name, work);
    if (done.ok()) {
        done = guarded(name, [&] {
            Query(session, "COMMIT").run();
            return core::Status{};
        });
    }
    if (!done.ok()) {
        static_cast<void>(guarded(name, [&] {
            Query(session, "ROLLBACK").run();
            return core::Status{};
        }));
    }
    return done;
}

}  // namespace

core::Status migrate(Poco::Data::Session& session, std::span<const Migration> steps) {
    YIMEN_TRY_STATUS(inTransaction(session, "schema.claim", [&] { return claim(session); }));
    std::int64_t present = 0;
    YIMEN_TRY_STATUS(guarded("schema.version", [&] {
        present = number(session, "SELECT coalesce(max(number), 0) FROM schema_steps");
        return core::Status{};
    }));
    const std::int64_t known = steps.empty() ? 0 : steps.back().number;
    if (present > known) {
        return makeError(ErrorCode::kConflict, "the data file has schema " + std::to_string(present) +
                                                   ", this program knows up to " + std::to_string(known) +
                                                   "; start the newer program or restore a backup");
    }
    for (const Migration& migration : steps) {
        if (migration.number <= present) continue;
        YIMEN_TRY_STATUS(inTransaction(session, migration.name, [&] { return step(session, migration); }));
    }
    return {};
}

}  // namespace yimen::store::sqlite
