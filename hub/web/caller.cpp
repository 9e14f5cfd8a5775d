#include "web/caller.h"

#include "core/log.h"
#include "core/url.h"
#include "web/step_up.h"

namespace yimen::web {

using core::ErrorCode;
using core::makeError;
using http::Request;
using http::Response;

namespace {

bool readsChinese(const Request& request) {
    return http::negotiateLanguage(request.acceptLanguage(), request.cookies.text("yimen-lang")) == http::Language::kZh;
}

/// A page that stays open asks for news by itself: that is no visit, or a session would never be idle.
bool asksByItself(const Request& request) {
    return request.headers.first("Accept") == "text/event-stream";
}

}  // namespace

core::Result<Caller> CallerGuard::callerOf(const Request& request) const {
    const auto cookie = request.cookies.one(kHubCookie);
    // peek, not check: only a request that is let in counts as a visit, or an idle administrator's second try would
    // pass.
    const auto check = cookie ? hub_.sessions.peek(*cookie, identity::kHubPurpose) : identity::SessionCheck{};
    if (!check.session) return makeError(ErrorCode::kUnauthenticated, "请先登录 / please sign in");
    Caller caller;
    caller.session = check.session;
    caller.directory = hub_.directory.current();
    const auto* person = caller.directory->person(check.session->person());
    if (person == nullptr || person->state != store::PersonState::kActive) {
        return makeError(ErrorCode::kUnauthenticated, "请先登录 / please sign in");
    }
    caller.person = *person;
    caller.roles = caller.directory->rolesOf(person->id, identity::dayAt(hub_.clock.wall(), hub_.site.utcOffset));
    const auto idle = hub_.clock.wall() - caller.session->lastSeenAt();
    if ((caller.administers() && idle > hub_.site.adminIdle) ||
        (!asksByItself(request) && !hub_.sessions.check(*cookie, identity::kHubPurpose).session)) {
        return makeError(ErrorCode::kUnauthenticated, "请先登录 / please sign in");
    }
    return caller;
}

http::Handler CallerGuard::page(CallerHandler handler) const {
    return [this, handler = std::move(handler)](const Request& request) {
        const auto caller = callerOf(request);
        if (caller.ok()) return handler(request, *caller);
        const std::string back = request.rawQuery.empty() ? request.path : request.path + '?' + request.rawQuery;
        return Response::redirect("/login?to=" + core::percentEncode(back));
    };
}

http::Handler CallerGuard::api(CallerHandler handler) const {
    return [this, handler = std::move(handler)](const Request& request) {
        const auto caller = callerOf(request);
        if (!caller.ok()) {
            return apiProblem(request, 401, "no_session", "登录已结束，请重新登录",
                              "You are signed out; please sign in again");
        }
        if (!request.isSafe() && !hub_.csrf.check(request, caller->session->id().hex()).ok()) {
            return apiProblem(request, 403, "csrf", "页面已过期，请刷新后再试", "This page is out of date; reload it");
        }
        return handler(request, *caller);
    };
}

http::Handler CallerGuard::admin(std::initializer_list<identity::Role> roles, CallerHandler handler) const {
    return api([this, roles = std::vector<identity::Role>(roles), handler = std::move(handler)](const Request& request,
                                                                                                const Caller& caller) {
        for (const auto role : roles) {
            if (!caller.roles.has(role)) continue;
            auto refused = refusedByRules(hub_, request, caller);
            return refused ? std::move(*refused) : handler(request, caller);
        }
        return apiProblem(request, 403, "forbidden", "您的岗位没有此项权限", "None of your posts may do this");
    });
}

Response apiProblem(const Request& request, int status, std::string_view code, std::string_view zh,
                    std::string_view en) {
    http::Problem problem;
    problem.status = status;
    problem.code = code;
    problem.title = readsChinese(request) ? zh : en;
    problem.detail = problem.title;
    problem.traceId = request.requestId;
    return Response::problem(problem);
}

Response apiProblem(const Request& request, const core::Error& error) {
    core::logWarn("api.refused", {{"path", request.path}, {"error", error.describe()}, {"trace", request.requestId}});
    return Response::problem(http::problemOf(error, request.requestId, readsChinese(request)));
}

core::Status record(const Hub& hub, audit::AuditEvent event) {
    return hub.audit.appendAndWait(std::move(event));
}

audit::AuditEvent eventOf(std::string type, const Request& request, const Caller* caller) {
    audit::AuditEvent event;
    event.type = std::move(type);
    event.sourceIp = request.peerIp;
    if (caller != nullptr) event.actor = caller->person.usernameKey;
    event.fields.emplace_back("trace", request.requestId);
    return event;
}

}  // namespace yimen::web
