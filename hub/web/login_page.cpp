#include "crypto/ticket.h"
#include "http/cookies.h"
#include "web/routes.h"
#include "web/sign_in.h"

namespace yimen::web {

using http::Request;
using http::Response;
using Kind = SignInResult::Kind;

namespace {

class LoginPage {
public:
    explicit LoginPage(const WebContext& context) : context_(context), signIn_(context.hub) {}

    Response show(const Request& request) const {
        const auto to = context_.hub.returnTargets.acceptOr(request.query.text("to"), "/");
        if (context_.guard.callerOf(request).ok()) return Response::redirect(to);
        core::Json data;
        if (request.query.has("ended")) data["ended"] = true;
        return form(request, 200, to, std::move(data));
    }

    Response submit(const Request& request) const {
        auto posted = request.form();
        const auto destination = posted.ok() ? redeem(request, *posted) : posted.error();
        if (!destination.ok()) {
            // Not sealed any more, so as good as the `to` of any link to this page.
            const auto to = posted.ok() ? context_.hub.returnTargets.acceptOr(posted->text("to"), "/") : "/";
            return form(request, 403, to, core::Json{{"stale", true}});
        }
        const SignInAttempt attempt{std::string(posted->text("username")),
                                    core::Secret(std::string(posted->text("password")))};
        const auto result = signIn_.attempt(request, attempt);
        if (result.kind == Kind::kSignedIn) {
            Response response = Response::redirect(*destination);
            SignIn::setCookies(response, result);
            return response;
        }
        if (result.kind == Kind::kMustChange) return mustChange(request, result, *destination);
        return refuse(request, result, attempt.username, *destination);
    }

private:
    core::Result<std::string> redeem(const Request& request, const http::Params& posted) const {
        YIMEN_TRY_STATUS(context_.hub.csrf.checkOrigin(request));
        return context_.hub.loginForms.redeem(request.cookies.text(http::LoginForms::kCookie), posted.text("csrf"));
    }

    Response form(const Request& request, int status, const std::string& to, core::Json data) const {
        const auto issued = context_.hub.loginForms.issue(request.cookies.text(http::LoginForms::kCookie), to);
        data["csrf"] = issued.token;
        data["to"] = to;
        data["here"] = core::percentEncode("/login?to=" + core::percentEncode(to));
        if (const auto name = context_.pages.systemName(request, to); !name.empty()) data["to_name"] = name;
        Response response = context_.pages.render(request, "login", status, std::move(data));
        http::addCookie(response, {http::LoginForms::kCookie, issued.cookie, http::SameSite::kLax, true, std::nullopt});
        return response;
    }

    Response refuse(const Request& request, const SignInResult& result, const std::string& username,
                    const std::string& to) const {
        core::Json data;
        data["username"] = username;
        if (username.empty()) data.erase("username");
        int status = 503;
        const auto seconds = result.retryAfter.count();
        switch (result.kind) {
            case Kind::kWrong:
                data["wrong"] = true;
                status = 401;
                break;
            case Kind::kLocked:
                data["locked"] = true;
                data["minutes"] = std::to_string((seconds + 59) / 60);
                status = 423;
                break;
            case Kind::kThrottled:
                data["throttled"] = true;
                data["seconds"] = std::to_string(seconds);
                status = 429;
                break;
            default:
                data["busy"] = true;
                break;
        }
        Response response = form(request, status, to, std::move(data));
        if (status != 401) response.headers.set("Retry-After", std::to_string(std::max<std::int64_t>(seconds, 2)));
        return response;
    }

    /// The password was right but must be replaced: no session yet, only a sealed note of who may replace it.
    Response mustChange(const Request&, const SignInResult& result, const std::string& to) const {
        const auto expiry = context_.hub.clock.wall() + kChangeLifetime;
        const auto note = context_.hub.tickets.seal(kChangePurpose, core::asBytes(std::to_string(result.person)),
                                                    expiry, context_.hub.random);
        Response response = Response::redirect("/password?to=" + core::percentEncode(to));
        if (note.ok()) http::addCookie(response, {kChangeCookie, *note, http::SameSite::kStrict, true, std::nullopt});
        return response;
    }

    const WebContext& context_;
    SignIn signIn_;
};

}  // namespace

core::Status mountLogin(http::Router& router, const WebContext& context) {
    const auto page = std::make_shared<LoginPage>(context);
    YIMEN_TRY_STATUS(router.add({"GET", "/login", [page](const Request& r) { return page->show(r); }, {}}));
    YIMEN_TRY_STATUS(router.add({"POST",
                                 "/login",
                                 [page](const Request& r) { return page->submit(r); },
                                 {http::RunOn::kKdf, context.hub.site.maxFormBytes}}));
    return router.add(
        {"GET", "/ui", [&context](const Request& r) { return context.pages.setUi(r); }, {http::RunOn::kLoop, 0}});
}

}  // namespace yimen::web
