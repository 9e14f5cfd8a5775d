#pragma once

#include "store/sqlite/database.h"
#include "store/stores.h"

namespace yimen::store::sqlite {

/// One per aggregate; each keeps the database open.
std::unique_ptr<PersonStore> makePersonStore(std::shared_ptr<Database> database);
std::unique_ptr<OrganisationStore> makeOrganisationStore(std::shared_ptr<Database> database);
std::unique_ptr<PostStore> makePostStore(std::shared_ptr<Database> database);
std::unique_ptr<CredentialStore> makeCredentialStore(std::shared_ptr<Database> database);
std::unique_ptr<SecondFactorStore> makeSecondFactorStore(std::shared_ptr<Database> database);
std::unique_ptr<SessionStore> makeSessionStore(std::shared_ptr<Database> database);
std::unique_ptr<SecretStore> makeSecretStore(std::shared_ptr<Database> database);
std::unique_ptr<PreferenceStore> makePreferenceStore(std::shared_ptr<Database> database);
std::unique_ptr<OneTimeTokenStore> makeOneTimeTokenStore(std::shared_ptr<Database> database);
std::unique_ptr<LockStore> makeLockStore(std::shared_ptr<Database> database);
std::unique_ptr<ShareStore> makeShareStore(std::shared_ptr<Database> database);
std::unique_ptr<ShareAccessStore> makeShareAccessStore(std::shared_ptr<Database> database);
std::unique_ptr<SharePushStore> makeSharePushStore(std::shared_ptr<Database> database);
std::unique_ptr<AlertStore> makeAlertStore(std::shared_ptr<Database> database);

/// The result of a read that fills `found` in `done`.
template <typename T>
core::Result<T> resultOf(const core::Status& done, T found) {
    if (!done.ok()) return done.error();
    return found;
}

/// Runs a DELETE with the one parameter `now`; how many rows went. The next checkpoint is soon enough for the disk.
core::Result<std::int64_t> purge(Database& database, const char* name, const char* sql, core::WallTime now);

inline core::Error changedMeanwhile() {
    return core::makeError(core::ErrorCode::kConflict, "somebody else changed it meanwhile; read it again");
}
inline core::Error noSuchRow() {
    return core::makeError(core::ErrorCode::kNotFound, "it does not exist");
}

}  // namespace yimen::store::sqlite
