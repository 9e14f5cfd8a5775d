#pragma once

#include <memory>

#include "store/alert_store.h"
#include "store/credential_store.h"
#include "store/lock_store.h"
#include "store/one_time_token_store.h"
#include "store/organisation_store.h"
#include "store/person_store.h"
#include "store/post_store.h"
#include "store/preference_store.h"
#include "store/second_factor_store.h"
#include "store/secret_store.h"
#include "store/session_store.h"
#include "store/share_push_store.h"
#include "store/share_store.h"
#include "store/transactor.h"

namespace yimen::store {

/// Every store of one database. The transactor owns the connections and outlives the rest.
struct Stores {
    std::shared_ptr<Transactor> transactor;
    std::unique_ptr<PersonStore> people;
    std::unique_ptr<OrganisationStore> organisations;
    std::unique_ptr<PostStore> posts;
    std::unique_ptr<CredentialStore> credentials;
    std::unique_ptr<SecondFactorStore> secondFactors;
    std::unique_ptr<SessionStore> sessions;
    std::unique_ptr<SecretStore> secrets;
    std::unique_ptr<PreferenceStore> preferences;
    std::unique_ptr<OneTimeTokenStore> oneTimeTokens;
    std::unique_ptr<LockStore> locks;
    std::unique_ptr<ShareStore> shares;
    std::unique_ptr<ShareAccessStore> shareAccess;
    std::unique_ptr<SharePushStore> sharePushes;
    std::unique_ptr<AlertStore> alerts;
};

}  // namespace yimen::store
