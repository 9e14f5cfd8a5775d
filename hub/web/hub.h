#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "adapter/catalog.h"
#include "audit/audit_sink.h"
#include "core/clock.h"
#include "core/random.h"
#include "core/url.h"
#include "gateway/gateway.h"
#include "http/csrf.h"
#include "http/return_to.h"
#include "http/template.h"
#include "identity/authenticator.h"
#include "identity/entry_codes.h"
#include "identity/one_time_links.h"
#include "identity/people_service.h"
#include "identity/second_factors.h"
#include "identity/session_table.h"
#include "net/worker_pool.h"
#include "vault/vault.h"

namespace yimen::web {

/// What the pages say about the site. A value; a reload makes a new one.
struct Site {
    core::Url hubUrl;
    std::string districtZh;
    std::string districtEn;
    std::string helpContact;
    std::chrono::minutes utcOffset{480};
    std::chrono::seconds idle{1800};
    std::chrono::seconds adminIdle{600};  ///< for people with an administrator's role
    std::size_t maxFormBytes = 256 * 1024;
    std::size_t maxImportBytes = 16 * 1024 * 1024;
    std::string loginCss;  ///< addresses of the built assets
    std::string loginJs;
    std::string mark;
};

/// The services behind the pages and the API, by reference: main makes them, they outlive every handler, and each is
/// thread-safe by its own contract. One struct instead of a dozen constructor arguments everywhere; it holds no logic.
struct Hub {
    const Site& site;
    const core::Clock& clock;
    core::Random& random;
    store::Stores& stores;
    identity::DirectoryHolder& directory;
    identity::SessionTable& sessions;
    identity::EntryCodes& entryCodes;
    identity::PasswordAuthenticator& authenticator;
    identity::PasswordService& passwords;
    identity::PeopleService& people;
    identity::OneTimeLinks& oneTimeLinks;
    identity::SecondFactors& secondFactors;
    vault::Vault& vault;
    gateway::Gateway& gateway;
    gateway::SystemSessions& systems;
    audit::AuditSink& audit;
    const http::CsrfGuard& csrf;
    const http::LoginForms& loginForms;
    const http::ReturnTargets& returnTargets;
    const http::Templates& templates;
    const crypto::TicketSealer& tickets;
    /// The catalog in force; never null.
    std::function<std::shared_ptr<const adapter::Catalog>()> catalog;
};

}  // namespace yimen::web
