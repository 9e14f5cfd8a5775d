#include "web/step_up.h"

#include "gateway/app_replies.h"
#include "gateway/subject.h"
#include "http/cookies.h"

namespace yimen::web {

using http::Request;
using http::Response;
using identity::CodeResult;

identity::CodeVerdict StepUp::prove(const Request& request, const Caller& caller, const core::Secret& typed) const {
    const identity::LoginSource source{request.peerIp, {}, std::string(request.headers.first("User-Agent"))};
    auto verdict = hub_.secondFactors.verify(
        {caller.person.id, caller.person.usernameKey, source, request.cookies.text(kCodeDeviceCookie), typed});
    if (verdict.result == CodeResult::kNotEnrolled || verdict.result == CodeResult::kUnavailable) return verdict;
    const bool ok = verdict.result == CodeResult::kOk;
    auto event = eventOf(ok ? "step_up.ok" : "step_up.failed", request, &caller);
    if (!ok) event.result = audit::AuditResult::kFailed;
    event.fields.emplace_back("session", caller.session->id().hex());
    event.fields.emplace_back(ok ? "method" : "reason",
                              ok ? (verdict.recovery ? "recovery_code" : "totp") : std::string(wordOf(verdict.result)));
    if (!record(hub_, std::move(event)).ok()) return {};
    if (ok) raise(caller);
    return verdict;
}

void StepUp::raise(const Caller& caller) const {
    hub_.sessions.raiseAssurance(caller.session->id(), identity::Assurance::kTwoFactors);
}

void StepUp::setCookie(Response& response, const std::string& deviceCookie) {
    if (deviceCookie.empty()) return;
    http::addCookie(
        response, {kCodeDeviceCookie, deviceCookie, http::SameSite::kStrict, true, identity::DeviceCookies::kLifetime});
}

std::optional<Response> refusedByRules(const Hub& hub, const Request& request, const Caller& caller) {
    const auto now = hub.clock.wall();
    const auto client = core::IpAddress::parse(request.peerIp);
    const auto subject =
        gateway::subjectOf(*caller.session, *caller.directory, identity::dayAt(now, hub.site.utcOffset), now);
    const auto policy = hub.gateway.policy();
    const auto decision = policy->decide(subject, {policy::kHubSystem, request.method, request.path},
                                         {now, client.ok() ? *client : core::IpAddress{}});
    if (decision.allowed() || decision.rule == policy::Decision::kDefaultDeny) return std::nullopt;
    if (decision.effect == policy::Effect::kDeny || decision.neededAssurance > gateway::kReachableLevel) {
        return apiProblem(request, 403, "forbidden", "规则不允许此项操作", "A rule forbids this");
    }
    Response response = apiProblem(request, 403, "insufficient_user_authentication", "此项操作需要先输入验证码",
                                   "Enter a one-time code first");
    auto body = core::parseJson(response.body).valueOr(core::Json::object());
    body["acr_values"] = std::to_string(decision.neededAssurance);
    if (decision.maxAge.count() > 0) body["max_age"] = decision.maxAge.count();
    body["step_up_url"] = "/step-up";
    response.body = core::writeJson(body);
    return response;
}

}  // namespace yimen::web
