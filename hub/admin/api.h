#pragma once

#include <functional>
#include <string>
#include <vector>

#include "audit/reader.h"
#include "http/router.h"
#include "identity/import.h"
#include "web/routes.h"

namespace yimen::admin {

/// What the administrator's API asks of the running program. Implemented in main. Thread-safe, blocking: io pool.
class Operations {
public:
    struct Reloaded {
        std::uint64_t generation = 0;
        std::size_t adapters = 0;
        std::size_t policies = 0;
    };
    struct ChainState {
        bool ok = false;
        std::int64_t records = 0;
        std::int64_t firstBad = -1;  ///< -1: none
        std::string head;
    };

    virtual ~Operations() = default;
    /// Configuration, adapters and policies, all or nothing. On refusal every fault stands in `faults` as
    /// "file:line:column: what".
    virtual core::Result<Reloaded> reload(std::vector<std::string>& faults) = 0;
    virtual core::Result<ChainState> verifyAudit() = 0;
    virtual core::Result<audit::AuditPage> readAudit(const audit::AuditQuery& query) = 0;
    virtual identity::ImportReport checkImport(const identity::ImportFiles& files) = 0;
    virtual core::Result<identity::ImportReport> applyImport(const identity::ImportFiles& files) = 0;
};

/// Each adds its part of hub/admin/openapi.yaml to the router. The arguments must outlive the router.
core::Status mountMe(http::Router& router, const web::WebContext& context);
core::Status mountSecondFactor(http::Router& router, const web::WebContext& context);
core::Status mountSystems(http::Router& router, const web::WebContext& context);
core::Status mountLinks(http::Router& router, const web::WebContext& context);
core::Status mountSessions(http::Router& router, const web::WebContext& context);
core::Status mountPeople(http::Router& router, const web::WebContext& context, Operations& operations);
core::Status mountAudit(http::Router& router, const web::WebContext& context, Operations& operations);
core::Status mountOperations(http::Router& router, const web::WebContext& context, Operations& operations);

/// RFC 3339 with whole seconds, or null for the epoch ("never").
core::Json timeOrNull(core::WallTime time);
/// The explanation of openapi.yaml, in the reader's language.
core::Json explanationJson(const web::WebContext& context, const http::Request& request, const std::string& system,
                           const policy::Explanation& why);

}  // namespace yimen::admin
