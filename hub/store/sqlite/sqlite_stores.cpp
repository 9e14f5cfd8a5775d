#include "store/sqlite/sqlite_stores.h"

#include "store/sqlite/backends.h"

namespace yimen::store::sqlite {

core::Result<Stores> open(const Options& options) {
    YIMEN_TRY(const std::shared_ptr<Database> database, Database::open(options));
    Stores stores;
    stores.transactor = database;
    stores.people = makePersonStore(database);
    stores.organisations = makeOrganisationStore(database);
    stores.posts = makePostStore(database);
    stores.credentials = makeCredentialStore(database);
    stores.sessions = makeSessionStore(database);
    stores.secrets = makeSecretStore(database);
    stores.preferences = makePreferenceStore(database);
    stores.oneTimeTokens = makeOneTimeTokenStore(database);
    stores.locks = makeLockStore(database);
    return stores;
}

}  // namespace yimen::store::sqlite
