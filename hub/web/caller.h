#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/router.h"
#include "web/hub.h"

namespace yimen::web {

/// Name of the hub host's session cookie.
inline constexpr std::string_view kHubCookie = "__Host-yimen";

/// Who makes a request, for one request.
struct Caller {
    identity::SessionHandle session;
    std::shared_ptr<const identity::Directory> directory;
    store::PersonRecord person;
    identity::RoleSet roles;  ///< of all posts valid today

    /// Anyone of the three administrators.
    bool administers() const noexcept { return roles.administratorCount() > 0; }
};

using CallerHandler = std::function<http::Response(const http::Request&, const Caller&)>;

/// Wraps handlers for people who are signed in. Immutable, thread-safe.
class CallerGuard {
public:
    explicit CallerGuard(const Hub& hub) : hub_(hub) {}

    /// The person of the request's session, or the reason why there is none. Counts as a visit, which the idle limit is
    /// measured from, unless the request is an event stream's (WHATWG HTML 9.2).
    core::Result<Caller> callerOf(const http::Request& request) const;

    /// A page: without a session 303 to /login with the way back.
    http::Handler page(CallerHandler handler) const;
    /// An API call: 401 `no_session` as problem+json; a state change also needs origin and token (403 `csrf`).
    http::Handler api(CallerHandler handler) const;
    /// As api, and the caller must hold one of `roles` today (403 `forbidden`) and satisfy the rules (see step_up.h).
    http::Handler admin(std::initializer_list<identity::Role> roles, CallerHandler handler) const;

private:
    const Hub& hub_;
};

/// A problem+json answer with a code of openapi.yaml, in the reader's language.
http::Response apiProblem(const http::Request& request, int status, std::string_view code, std::string_view zh,
                          std::string_view en);
/// The same from an expected failure.
http::Response apiProblem(const http::Request& request, const core::Error& error);

/// Writes one event and waits until it is on disk; the error goes to the caller, who must refuse then.
core::Status record(const Hub& hub, audit::AuditEvent event);
/// An event with what every request knows.
audit::AuditEvent eventOf(std::string type, const http::Request& request, const Caller* caller = nullptr);

}  // namespace yimen::web
