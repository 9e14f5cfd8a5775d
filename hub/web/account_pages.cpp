#include <charconv>
#include <optional>

#include "core/log.h"
#include "core/unicode.h"
#include "crypto/ticket.h"
#include "http/cookies.h"
#include "web/routes.h"
#include "web/sign_in.h"

namespace yimen::web {

using http::Request;
using http::Response;

namespace {

constexpr std::string_view kRulesZh =
    "至少 10 个字符，大写字母、小写字母、数字、其他符号中至少三类；不含姓名、账号、手机号；不是常见口令。";
constexpr std::string_view kRulesEn =
    "At least 10 characters, three of: upper case, lower case, digits, other signs; not your name, account or phone "
    "number; not a common password.";
constexpr std::string_view kFirstOrgCode = "root";

class AccountPages {
public:
    explicit AccountPages(const WebContext& context) : context_(context), signIn_(context.hub) {}

    Response showChange(const Request& request) const {
        const auto person = personOf(request);
        if (!person) return Response::redirect("/login");
        return changeForm(request, 200, *person, {});
    }

    Response change(const Request& request) const {
        const auto person = personOf(request);
        const auto posted = request.form();
        if (!person || !posted.ok()) return Response::redirect("/login");
        const auto destination = redeem(request, *posted);
        if (!destination.ok()) return changeForm(request, 403, *person, {{"stale", true}});
        if (posted->text("next") != posted->text("again")) {
            return changeForm(request, 422, *person, {{"differ", true}});
        }
        const core::Secret current{std::string(posted->text("current"))};
        const core::Secret next{std::string(posted->text("next"))};
        // Counted like a sign-in, and refused like one when the account was closed since the note was written.
        switch (signIn_.again(request, *person, current)) {
            case SignIn::Reauthentication::kThrottled:
                return changeForm(request, 429, *person, {{"throttled", true}});
            case SignIn::Reauthentication::kWrong:
                return changeForm(request, 422, *person, {{"wrong", true}});
            case SignIn::Reauthentication::kOk:
                break;
        }
        const auto changed = context_.hub.passwords.change(person->id, current, next);
        if (!changed.ok()) return changeForm(request, 422, *person, refusal(changed.error()));
        // Whoever knew the old one may be signed in.
        const auto ended =
            context_.hub.sessions.endAll(person->id, {}, identity::SessionTable::EndReason::kEndedByOther);
        if (!ended.ok()) core::logError("login.session_not_ended", {{"error", ended.error().describe()}});
        auto event = eventOf("password.changed", request);
        event.actor = person->usernameKey;
        if (!record(context_.hub, std::move(event)).ok()) return context_.pages.error(request, 503, "busy");
        Response response = signedIn(request, person->id, *destination);
        response.headers.add("Set-Cookie", http::expiredCookie(kChangeCookie));
        return response;
    }

    Response showSetup(const Request& request) const { return setupForm(request, 200, {}); }

    Response setup(const Request& request) const {
        const auto posted = request.form();
        if (!posted.ok() || !redeem(request, *posted).ok()) return setupForm(request, 403, {{"stale", true}});
        core::Json again{{"username", posted->text("username")}, {"name", posted->text("name")}};
        if (posted->text("password") != posted->text("again")) {
            again["differ"] = true;
            return setupForm(request, 422, std::move(again));
        }
        const auto key = core::normalizeUsername(posted->text("username"));
        const bool usable = key.ok() && context_.hub.directory.current()->personByKey(*key) == nullptr;
        if (!usable || posted->text("name").empty()) {
            again[usable ? "bad_name" : "bad_username"] = true;
            return setupForm(request, 422, std::move(again));
        }
        store::PersonRecord person;
        person.username = posted->text("username");
        person.name = posted->text("name");
        const core::Secret password{std::string(posted->text("password"))};
        // Everything is checked before the token is used up: a slip must not cost the one link.
        if (const auto hashed = context_.hub.passwords.hashNew(password, person); !hashed.ok()) {
            again.update(refusal(hashed.error()));
            return setupForm(request, 422, std::move(again));
        }
        return createFirst(request, person, password);
    }

private:
    std::optional<store::PersonRecord> personOf(const Request& request) const {
        const auto note =
            context_.hub.tickets.open(kChangePurpose, request.cookies.text(kChangeCookie), context_.hub.clock.wall());
        if (!note.ok()) return std::nullopt;
        const auto digits = core::asText(*note);
        store::PersonId id = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), id);
        const auto directory = context_.hub.directory.current();
        const auto* person = directory->person(id);
        return person == nullptr ? std::nullopt : std::optional(*person);
    }

    core::Result<std::string> redeem(const Request& request, const http::Params& posted) const {
        YIMEN_TRY_STATUS(context_.hub.csrf.checkOrigin(request));
        return context_.hub.loginForms.redeem(request.cookies.text(http::LoginForms::kCookie), posted.text("csrf"));
    }

    static core::Json refusal(const core::Error& error) {
        if (error.code == core::ErrorCode::kUnauthenticated) return {{"wrong", true}};
        return {{"weak", true}, {"reasons", core::Json::array({error.message})}};
    }

    Response form(const Request& request, std::string_view name, int status, const std::string& to,
                  core::Json data) const {
        const auto issued = context_.hub.loginForms.issue(request.cookies.text(http::LoginForms::kCookie), to);
        data["csrf"] = issued.token;
        data["to"] = to;
        data["password_rules"] = context_.pages.languageOf(request) == http::Language::kZh ? kRulesZh : kRulesEn;
        Response response = context_.pages.render(request, name, status, std::move(data));
        http::addCookie(response, {http::LoginForms::kCookie, issued.cookie, http::SameSite::kLax, true, std::nullopt});
        return response;
    }

    Response changeForm(const Request& request, int status, const store::PersonRecord& person, core::Json data) const {
        data["username"] = person.username;
        data["expired"] = false;
        return form(request, "mustchange", status, context_.hub.returnTargets.acceptOr(request.query.text("to"), "/"),
                    std::move(data));
    }

    Response setupForm(const Request& request, int status, core::Json data) const {
        data["used"] = false;
        data["action"] = request.path;
        return form(request, "firstadmin", status, "/", std::move(data));
    }

    Response createFirst(const Request& request, const store::PersonRecord& wanted,
                         const core::Secret& password) const {
        const core::Secret token{std::string(request.params.text("token"))};
        if (!context_.hub.oneTimeLinks.redeem(identity::kFirstAdminPurpose, token).ok()) {
            return context_.pages.render(request, "firstadmin", 410, {{"used", true}, {"password_rules", ""}});
        }
        const auto person = createAdmin(wanted, password);
        if (!person.ok()) {
            return context_.pages.message(request, 422, "无法建立管理员 / The administrator could not be created",
                                          person.error().message);
        }
        auto event = eventOf("admin.first_created", request);
        event.actor = person->usernameKey;
        if (!record(context_.hub, std::move(event)).ok()) return context_.pages.error(request, 503, "busy");
        return signedIn(request, person->id, "/");
    }

    core::Result<store::PersonRecord> createAdmin(const store::PersonRecord& wanted,
                                                  const core::Secret& password) const {
        YIMEN_TRY(auto person, context_.hub.people.createPerson(wanted));
        YIMEN_TRY_STATUS(context_.hub.passwords.reset(person.id, password, false));
        const auto directory = context_.hub.directory.current();
        const auto* root = directory->organisations().empty() ? nullptr : &directory->organisations().front();
        store::OrgId org = root == nullptr ? 0 : root->id;
        if (org == 0) {
            store::OrganisationRecord district;
            district.code = kFirstOrgCode;
            district.name = context_.hub.site.districtZh;
            district.nameEn = context_.hub.site.districtEn;
            district.kind = store::OrgKind::kDistrict;
            YIMEN_TRY(const auto made, context_.hub.people.createOrganisation(district, 0));
            org = made.id;
        }
        store::PostRecord post;
        post.person = person.id;
        post.org = org;
        post.title = "系统管理员";
        post.roles = "system_admin";
        YIMEN_TRY_STATUS(grant(post));
        return person;
    }

    core::Status grant(const store::PostRecord& post) const {
        YIMEN_TRY(const auto granted, context_.hub.people.grantPost(post));
        static_cast<void>(granted);
        return {};
    }

    Response signedIn(const Request& request, store::PersonId person, const std::string& to) const {
        auto created = signIn_.open(request, person);
        if (!created.ok()) return context_.pages.error(request, 503, "busy");
        SignInResult result;
        result.kind = SignInResult::Kind::kSignedIn;
        result.created = std::move(*created);
        Response response = Response::redirect(to);
        SignIn::setCookies(response, result);
        return response;
    }

    const WebContext& context_;
    SignIn signIn_;
};

}  // namespace

core::Status mountAccount(http::Router& router, const WebContext& context) {
    const auto page = std::make_shared<AccountPages>(context);
    const http::RouteOptions hashing{http::RunOn::kKdf, context.hub.site.maxFormBytes};
    YIMEN_TRY_STATUS(router.add({"GET", "/password", [page](const Request& r) { return page->showChange(r); }, {}}));
    YIMEN_TRY_STATUS(router.add({"POST", "/password", [page](const Request& r) { return page->change(r); }, hashing}));
    YIMEN_TRY_STATUS(
        router.add({"GET", "/setup/{token}", [page](const Request& r) { return page->showSetup(r); }, {}}));
    return router.add({"POST", "/setup/{token}", [page](const Request& r) { return page->setup(r); }, hashing});
}

}  // namespace yimen::web
