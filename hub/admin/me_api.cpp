#include <array>

#include "admin/api.h"
#include "core/log.h"
#include "core/time_format.h"
#include "http/cookies.h"
#include "web/sign_in.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using web::apiProblem;
using web::Caller;

core::Json timeOrNull(core::WallTime time) {
    if (time == core::WallTime{}) return nullptr;
    return core::formatUtc(time).substr(0, 19) + "Z";
}

namespace {

const Json kDefaultPreferences{{"theme", "system"}, {"size", "normal"}, {"locale", "zh-CN"}};

bool isChoice(std::string_view value) {
    return value == "light" || value == "dark" || value == "large" || value == "normal" || value == "en" ||
           value == "zh-CN";
}

bool isOneOf(const Json& value, std::initializer_list<std::string_view> words) {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    return std::find(words.begin(), words.end(), text) != words.end();
}

Response invalid(const Request& request, const core::Error& error) {
    http::Problem problem;
    problem.status = 422;
    problem.code = "invalid_field";
    problem.title = error.message;
    problem.detail = error.message;
    problem.traceId = request.requestId;
    return Response::problem(problem);
}

class MeApi {
public:
    explicit MeApi(const web::WebContext& context) : context_(context), signIn_(context.hub) {}

    Response get(const Request& request, const Caller& caller) const {
        return Response::json(200, me(request, caller));
    }

    Response actingPost(const Request& request, const Caller& caller) const {
        const auto body = request.json();
        if (!body.ok()) return apiProblem(request, body.error());
        const auto wanted = core::JsonReader(*body).text("post_id");
        if (!wanted.ok()) return invalid(request, wanted.error());
        for (const auto* post : caller.directory->postsOf(caller.person.id, today())) {
            if (std::to_string(post->id) != *wanted) continue;
            context_.hub.sessions.setActingPost(caller.session->id(), post->id);
            if (auto kept = context_.hub.stores.posts->setPreferredPost(caller.person.id, post->id); !kept.ok()) {
                return apiProblem(request, kept.error());
            }
            auto event = web::eventOf("post.changed", request, &caller);
            event.subject = std::to_string(post->id);
            if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
                return apiProblem(request, durable.error());
            }
            return Response::json(200, me(request, caller));
        }
        return apiProblem(request, 404, "not_found", "您没有这个岗位", "You do not hold that post");
    }

    Response preferences(const Request& request, const Caller& caller) const {
        const auto body = request.json();
        if (!body.ok()) return apiProblem(request, body.error());
        if (auto keys = core::JsonReader(*body).onlyKeys({"theme", "size", "locale"}); !keys.ok()) {
            return invalid(request, keys.error());
        }
        if (!isOneOf(body->value("theme", Json()), {"system", "light", "dark"}) ||
            !isOneOf(body->value("size", Json()), {"normal", "large"}) ||
            !isOneOf(body->value("locale", Json()), {"zh-CN", "en"})) {
            return invalid(request, core::makeError(core::ErrorCode::kInvalidInput,
                                                    "theme, size 或 locale 的值不可用 / not an acceptable value"));
        }
        const auto stored = context_.hub.stores.preferences->setPreferences(caller.person.id, core::writeJson(*body));
        return stored.ok() ? Response::json(200, *body) : apiProblem(request, stored.error());
    }

    Response password(const Request& request, const Caller& caller) const {
        const auto body = request.json();
        if (!body.ok()) return apiProblem(request, body.error());
        const core::JsonReader reader(*body);
        auto current = reader.text("current");
        auto next = reader.text("next");
        if (!current.ok()) return invalid(request, current.error());
        if (!next.ok()) return invalid(request, next.error());
        const core::Secret oldPassword(std::move(*current));
        switch (signIn_.again(request, caller.person, oldPassword)) {
            case web::SignIn::Reauthentication::kThrottled:
                return apiProblem(request, 429, "throttled", "尝试过多，请稍后再试", "Too many tries; wait a little");
            case web::SignIn::Reauthentication::kWrong:
                return apiProblem(request, 422, "bad_password", "当前口令不正确", "The current password is not right");
            case web::SignIn::Reauthentication::kOk:
                break;
        }
        const auto changed =
            context_.hub.passwords.change(caller.person.id, oldPassword, core::Secret(std::move(*next)));
        if (!changed.ok()) return passwordRule(request, changed.error());
        const auto ended = context_.hub.sessions.endAll(caller.person.id, caller.session->id(),
                                                        identity::SessionTable::EndReason::kEndedByOther);
        if (auto durable = web::record(context_.hub, web::eventOf("password.changed", request, &caller));
            !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        return Response::json(200, {{"ended_sessions", ended.ok() ? *ended : 0}});
    }

    /// The session ended under an open page: sign in again without leaving it.
    Response signInAgain(const Request& request) const {
        if (!context_.hub.csrf.checkOrigin(request).ok()) {
            return apiProblem(request, 403, "csrf", "请求来源不正确", "This request does not come from the hub");
        }
        const auto body = request.json();
        if (!body.ok()) return apiProblem(request, body.error());
        const core::JsonReader reader(*body);
        auto username = reader.text("username");
        auto password = reader.text("password");
        if (!username.ok()) return invalid(request, username.error());
        if (!password.ok()) return invalid(request, password.error());
        const auto result = signIn_.attempt(request, {*username, core::Secret(std::move(*password))});
        return signedIn(request, result);
    }

private:
    using Kind = web::SignInResult::Kind;

    identity::Day today() const { return identity::dayAt(context_.hub.clock.wall(), context_.hub.site.utcOffset); }

    /// What the person stored; until then, what this browser chose on the sign-in page.
    Json preferencesOf(const Request& request, store::PersonId person) const {
        const auto stored = context_.hub.stores.preferences->preferences(person);
        const auto parsed = stored.ok() ? core::parseJson(*stored) : core::Result<Json>(Json::object());
        Json out = kDefaultPreferences;
        const std::array<std::pair<const char*, std::string_view>, 3> chosen{
            {{"theme", request.cookies.text("yimen-theme")},
             {"size", request.cookies.text("yimen-size")},
             {"locale", request.cookies.text("yimen-lang")}}};
        for (const auto& [name, value] : chosen) {
            if (isChoice(value)) out[name] = value;
        }
        if (parsed.ok() && parsed->is_object()) out.update(*parsed);
        return out;
    }

    Json me(const Request& request, const Caller& caller) const {
        const auto& directory = *caller.directory;
        const auto day = today();
        Json posts = Json::array();
        Json roles = Json::array();
        for (const auto* post : directory.allPostsOf(caller.person.id)) {
            const auto* org = directory.organisation(post->org);
            posts.push_back({{"id", std::to_string(post->id)},
                             {"org_name", org == nullptr ? "" : org->name},
                             {"title", post->title},
                             {"current", post->validity.includes(day)}});
        }
        for (std::size_t i = 0; i < identity::kRoleCount; ++i) {
            const auto role = static_cast<identity::Role>(i);
            if (caller.roles.has(role)) roles.push_back(identity::toString(role));
        }
        const auto* acting = directory.actingPost(caller.person.id, caller.session->actingPost(), day);
        Json out{
            {"username", caller.person.username}, {"name", caller.person.name}, {"posts", posts}, {"roles", roles}};
        out["acting_post"] = acting == nullptr ? Json(nullptr) : Json(std::to_string(acting->id));
        out["csrf_token"] = context_.hub.csrf.tokenFor(caller.session->id().hex());
        out["preferences"] = preferencesOf(request, caller.person.id);
        out["district_name"] = context_.hub.site.districtZh;
        out["admin"] = caller.administers();
        out["session"] = {{"expires_at", timeOrNull(caller.session->expiresAt())},
                          {"idle_seconds", context_.hub.site.idle.count()}};
        return out;
    }

    static Response passwordRule(const Request& request, const core::Error& error) {
        http::Problem problem;
        problem.status = 422;
        problem.code = "password_rule";
        problem.title = error.message;
        problem.detail = error.message;
        problem.traceId = request.requestId;
        problem.fields.push_back({"next", "password_rule", error.message});
        return Response::problem(problem);
    }

    Response signedIn(const Request& request, const web::SignInResult& result) const {
        const auto wait = [&](int status, std::string_view code, std::string_view zh, std::string_view en) {
            Response response = apiProblem(request, status, code, zh, en);
            response.headers.set("Retry-After", std::to_string(std::max<std::int64_t>(result.retryAfter.count(), 2)));
            return response;
        };
        switch (result.kind) {
            case Kind::kWrong:
                return apiProblem(request, 401, "bad_credentials", "账号或口令不正确",
                                  "Account or password is not right");
            case Kind::kLocked:
                return wait(423, "locked", "尝试过多，已暂停", "Too many tries; paused");
            case Kind::kThrottled:
                return wait(429, "throttled", "请稍后再试", "Wait a little and try again");
            case Kind::kMustChange:
                return apiProblem(request, 403, "must_change", "请先修改口令", "Change your password first");
            case Kind::kBusy:
                return wait(503, "busy", "系统繁忙", "Busy; try again");
            case Kind::kSignedIn:
                break;
        }
        Caller caller;
        caller.session = result.created.session;
        caller.directory = context_.hub.directory.current();
        if (const auto* person = caller.directory->person(result.person)) caller.person = *person;
        caller.roles = caller.directory->rolesOf(result.person, today());
        Response response = Response::json(200, me(request, caller));
        web::SignIn::setCookies(response, result);
        return response;
    }

    const web::WebContext& context_;
    web::SignIn signIn_;
};

}  // namespace

core::Status mountMe(http::Router& router, const web::WebContext& context) {
    const auto api = std::make_shared<MeApi>(context);
    const auto& guard = context.guard;
    const http::RouteOptions hashing{http::RunOn::kKdf, context.hub.site.maxFormBytes};
    YIMEN_TRY_STATUS(router.add(
        {"GET", "/api/v1/me", guard.api([api](const Request& r, const Caller& c) { return api->get(r, c); }), {}}));
    YIMEN_TRY_STATUS(router.add({"PUT",
                                 "/api/v1/me/acting-post",
                                 guard.api([api](const Request& r, const Caller& c) { return api->actingPost(r, c); }),
                                 {}}));
    YIMEN_TRY_STATUS(router.add({"PUT",
                                 "/api/v1/me/preferences",
                                 guard.api([api](const Request& r, const Caller& c) { return api->preferences(r, c); }),
                                 {}}));
    YIMEN_TRY_STATUS(
        router.add({"PUT", "/api/v1/me/password",
                    guard.api([api](const Request& r, const Caller& c) { return api->password(r, c); }), hashing}));
    return router.add({"POST", "/api/v1/session", [api](const Request& r) { return api->signInAgain(r); }, hashing});
}

}  // namespace yimen::admin
