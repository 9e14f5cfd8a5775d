#include "store/sqlite/sqlite_stores.h"

#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

core::Result<Stores> open(const Options& options) {
    YIMEN_TRY(const std::shared_ptr<Database> database, Database::open(options));
    Stores stores;
    stores.transactor = database;
    stores.people = makePersonStore(database);
    stores.organisations = makeOrganisationStore(database);
    stores.posts = makePostStore(database);
    stores.credentials = makeCredentialStore(database);
    stores.secondFactors = makeSecondFactorStore(database);
    stores.sessions = makeSessionStore(database);
    stores.secrets = makeSecretStore(database);
    stores.preferences = makePreferenceStore(database);
    stores.oneTimeTokens = makeOneTimeTokenStore(database);
    stores.locks = makeLockStore(database);
    stores.shares = makeShareStore(database);
    stores.shareAccess = makeShareAccessStore(database);
    stores.sharePushes = makeSharePushStore(database);
    stores.alerts = makeAlertStore(database);
    return stores;
}

core::Result<std::int64_t> purge(Database& database, const char* name, const char* sql, core::WallTime now) {
    std::size_t gone = 0;
    const core::Status done = database.write(name, Durability::kRelaxed, [&](auto& session) {
        gone = Query(session, sql).bind(now).run();
        return core::Status{};
    });
    return resultOf(done, static_cast<std::int64_t>(gone));
}

}  // namespace yimen::store::sqlite
