#include "core/path.h"
#include "core/time_format.h"
#include "gateway/app_replies.h"
#include "gateway/subject.h"
#include "http/cookies.h"
#include "web/routes.h"
#include "web/step_up.h"

namespace yimen::web {

using http::Request;
using http::Response;
using identity::CodeResult;

namespace {

/// The page where a person who is signed in proves a second factor. Each tab's form seals its own destination.
class StepUpPage {
public:
    explicit StepUpPage(const WebContext& context) : context_(context), stepUp_(context.hub) {}

    Response show(const Request& request, const Caller& caller) const {
        const auto to = context_.hub.returnTargets.acceptOr(request.query.text("to"), "/");
        const bool ask = request.query.has("ask");
        if (!ask && !stillNeeded(request, caller, to)) return Response::redirect(to);
        const auto enrolled = context_.hub.secondFactors.status(caller.person.id);
        if (!enrolled.ok()) return context_.pages.error(request, 503, "busy");
        core::Json data;
        if (!*enrolled) data["none"] = true;
        return form(request, caller, {200, to, request.query.has("recovery"), ask}, std::move(data));
    }

    Response submit(const Request& request, const Caller& caller) const {
        const auto posted = request.form();
        const bool recovery = posted.ok() && posted->has("recovery");
        const bool ask = posted.ok() && posted->has("ask");
        const auto destination = posted.ok() ? redeem(request, caller, *posted) : posted.error();
        if (!destination.ok()) {
            const auto to = posted.ok() ? context_.hub.returnTargets.acceptOr(posted->text("to"), "/") : "/";
            return form(request, caller, {403, to, recovery, ask}, {{"stale", true}});
        }
        // Another tab may have proved it meanwhile; the code on the phone is used up then.
        if (!ask && !stillNeeded(request, caller, *destination)) return Response::redirect(*destination);
        const auto verdict = stepUp_.prove(request, caller, core::Secret(std::string(posted->text("code"))));
        if (verdict.result == CodeResult::kOk) {
            Response response = Response::redirect(*destination);
            StepUp::setCookie(response, verdict.deviceCookie);
            return response;
        }
        return refuse(request, caller, {0, *destination, recovery, ask}, verdict);
    }

private:
    struct View {
        int status = 200;
        std::string to;
        bool recovery = false;
        bool ask = false;  ///< something else than the destination needs it: a change that was not sent again
    };

    core::Result<std::string> redeem(const Request& request, const Caller& caller, const http::Params& posted) const {
        YIMEN_TRY_STATUS(context_.hub.csrf.checkOrigin(request));
        const std::string token = context_.hub.csrf.tokenFor(caller.session->id().hex());
        if (!core::equalConstantTime(core::asBytes(posted.text("csrf")), core::asBytes(token))) {
            return core::makeError(core::ErrorCode::kDenied, "the page is out of date", "csrf token");
        }
        YIMEN_TRY(const std::string to, context_.hub.loginForms.redeem(request.cookies.text(http::LoginForms::kCookie),
                                                                       posted.text("state")));
        return context_.hub.returnTargets.accept(to);
    }

    /// Whether the rules ask for a proof at the destination. Of pages of the hub nobody knows what they will call, so
    /// who comes here for one of them is asked.
    bool stillNeeded(const Request& request, const Caller& caller, std::string_view to) const {
        constexpr std::string_view kGo = "/go/";
        if (!to.starts_with(kGo)) return true;
        const auto parts = core::splitTarget(to);
        const auto id = parts.path.substr(kGo.size());
        const auto adapter = context_.hub.catalog()->find(id);
        if (!adapter) return false;
        const std::string inside = insideOf(parts.query, adapter->manifest().paths.home);
        std::string buffer;
        const auto path = core::canonicalPath(core::splitTarget(inside).path, buffer);
        const auto now = context_.hub.clock.wall();
        const auto client = core::IpAddress::parse(request.peerIp);
        const auto subject = gateway::subjectOf(*caller.session, *caller.directory,
                                                identity::dayAt(now, context_.hub.site.utcOffset), now);
        const auto decision =
            context_.hub.gateway.policy()->decide(subject, {id, "GET", path.ok() ? *path : std::string_view("/")},
                                                  {now, client.ok() ? *client : core::IpAddress{}});
        // What is denied, or asks for more than this page can give, is explained there.
        return decision.effect == policy::Effect::kStepUp && decision.neededAssurance <= gateway::kReachableLevel;
    }

    /// The target inside the system that "/go/ID?to=..." names.
    static std::string insideOf(std::string_view query, const std::string& home) {
        const auto pairs = core::parseForm(query);
        if (!pairs.ok()) return home;
        for (const auto& [key, value] : *pairs) {
            if (key == "to" && value.starts_with('/')) return value;
        }
        return home;
    }

    Response form(const Request& request, const Caller& caller, const View& view, core::Json data) const {
        const auto issued = context_.hub.loginForms.issue(request.cookies.text(http::LoginForms::kCookie), view.to);
        const std::string here = "/step-up?to=" + core::percentEncode(view.to) + (view.ask ? "&ask=1" : "");
        data["csrf"] = context_.hub.csrf.tokenFor(caller.session->id().hex());
        data["state"] = issued.token;
        data["to"] = view.to;
        data["here"] = core::percentEncode(view.recovery ? here + "&recovery=1" : here);
        data["other_way"] = view.recovery ? here : here + "&recovery=1";
        data["setup_url"] = "/me/security?next=" + core::percentEncode(here);
        if (view.recovery) data["recovery"] = true;
        if (view.ask) data["ask"] = true;
        if (const auto name = context_.pages.systemName(request, view.to); !name.empty()) data["to_name"] = name;
        Response response = context_.pages.render(request, "stepup", view.status, std::move(data));
        http::addCookie(response, {http::LoginForms::kCookie, issued.cookie, http::SameSite::kLax, true, std::nullopt});
        return response;
    }

    Response refuse(const Request& request, const Caller& caller, View view,
                    const identity::CodeVerdict& verdict) const {
        const auto seconds = verdict.retryAfter.count();
        core::Json data;
        view.status = 401;
        switch (verdict.result) {
            case CodeResult::kWrong:
                data[verdict.recovery && view.recovery ? "wrong_recovery" : "wrong"] = true;
                data["server_time"] = siteTime();
                break;
            case CodeResult::kUsed:
                data["used"] = true;
                break;
            case CodeResult::kNotEnrolled:
                data["none"] = true;
                view.status = 403;
                break;
            case CodeResult::kLocked:
                data["locked"] = true;
                data["minutes"] = std::to_string((seconds + 59) / 60);
                view.status = 423;
                break;
            case CodeResult::kThrottled:
                data["throttled"] = true;
                data["seconds"] = std::to_string(seconds);
                view.status = 429;
                break;
            default:
                data["busy"] = true;
                view.status = 503;
                break;
        }
        const int status = view.status;
        Response response = form(request, caller, view, std::move(data));
        if (status > 403) response.headers.set("Retry-After", std::to_string(std::max<std::int64_t>(seconds, 2)));
        return response;
    }

    /// "14:32:05" at the site: a phone whose clock is off makes wrong codes.
    std::string siteTime() const {
        return core::formatUtc(context_.hub.clock.wall() + context_.hub.site.utcOffset).substr(11, 8);
    }

    const WebContext& context_;
    StepUp stepUp_;
};

}  // namespace

core::Status mountStepUp(http::Router& router, const WebContext& context) {
    const auto page = std::make_shared<StepUpPage>(context);
    YIMEN_TRY_STATUS(router.add(
        {"GET",
         "/step-up",
         context.guard.page([page](const Request& r, const Caller& caller) { return page->show(r, caller); }),
         {}}));
    return router.add({"POST",
                       "/step-up",
                       context.guard.page([page](const Request& r, const Caller& c) { return page->submit(r, c); }),
                       {http::RunOn::kIo, context.hub.site.maxFormBytes}});
}

}  // namespace yimen::web
