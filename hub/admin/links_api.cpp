#include "admin/api.h"
#include "core/log.h"
#include "gateway/subject.h"

namespace yimen::admin {

using adapter::AccountMode;
using adapter::Manifest;
using core::Json;
using http::Request;
using http::Response;
using web::apiProblem;
using web::Caller;
using SystemPtr = std::shared_ptr<const adapter::SystemAdapter>;

namespace {

constexpr std::size_t kMaxFieldBytes = 1024;

std::string_view modeOf(AccountMode mode) {
    switch (mode) {
        case AccountMode::kOwn:
            return "own";
        case AccountMode::kNone:
            return "none";
        default:
            return "shared";
    }
}

class LinksApi {
public:
    explicit LinksApi(const web::WebContext& context) : context_(context) {}

    Response list(const Request& request, const Caller& caller) const {
        const auto links = context_.hub.vault.status(caller.person.id);
        if (!links.ok()) return apiProblem(request, links.error());
        const auto policy = context_.hub.gateway.policy();
        Json items = Json::array();
        for (const auto& [id, adapter] : context_.hub.catalog()->systems()) {
            if (mayLink(caller, id)) items.push_back(describe(adapter->manifest(), *links, caller.person.id));
        }
        return Response::json(200, {{"items", items}});
    }

    Response link(const Request& request, const Caller& caller) const {
        const auto adapter = systemOf(request, caller);
        if (!adapter) return unknown(request);
        const auto& manifest = adapter->manifest();
        if (manifest.login.account != AccountMode::kOwn) return managed(request);
        auto fields = readFields(request, manifest);
        if (!fields.ok()) return invalid(request, fields.error());
        const auto tried = attempt(*adapter, *fields);
        if (!tried.ok()) return apiProblem(request, tried.error());
        if (auto durable = note("link.tried", request, caller, manifest.id, tried->outcome); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        if (!tried->ok()) return refused(request, *tried);
        const store::SecretOwner owner{caller.person.id, manifest.id};
        if (auto put = context_.hub.vault.put(owner, *fields, store::LinkState::kLinked); !put.ok()) {
            return apiProblem(request, put.error());
        }
        // The next request signs on with the new account, not with what an older one left behind.
        context_.hub.systems.drop(caller.person.id, manifest.id);
        return one(request, caller, manifest);
    }

    Response unlink(const Request& request, const Caller& caller) const {
        const auto adapter = systemOf(request, caller);
        if (!adapter) return unknown(request);
        const auto& manifest = adapter->manifest();
        if (manifest.login.account != AccountMode::kOwn) return managed(request);
        if (auto gone = context_.hub.vault.remove({caller.person.id, manifest.id});
            !gone.ok() && gone.error().code != core::ErrorCode::kNotFound) {
            return apiProblem(request, gone.error());
        }
        context_.hub.systems.drop(caller.person.id, manifest.id);
        if (auto durable = note("link.removed", request, caller, manifest.id, adapter::Outcome::kOk); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        return Response::noContent();
    }

    Response test(const Request& request, const Caller& caller) const {
        const auto adapter = systemOf(request, caller);
        if (!adapter) return unknown(request);
        const auto& manifest = adapter->manifest();
        if (manifest.login.account != AccountMode::kOwn) return managed(request);
        auto opened = context_.hub.vault.open(caller.person.id, manifest.id, vault::AccountMode::kOwn, "test");
        if (!opened.ok()) {
            const bool missing = opened.error().code == core::ErrorCode::kNotFound;
            return missing ? apiProblem(request, 409, "not_linked", "还没有绑定账号", "No account is linked yet")
                           : apiProblem(request, opened.error());
        }
        const auto tried = attempt(*adapter, opened->fields);
        if (!tried.ok()) return apiProblem(request, tried.error());
        if (auto durable = note("link.tested", request, caller, manifest.id, tried->outcome); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        const store::SecretOwner owner{caller.person.id, manifest.id};
        const auto marked =
            tried->ok() ? context_.hub.vault.markVerified(owner, opened->version)
            : adapter::isAccountFault(tried->outcome)
                ? context_.hub.vault.markBroken(owner, opened->version, std::string(adapter::toString(tried->outcome)))
                : core::Status{};
        if (!marked.ok()) return apiProblem(request, marked.error());
        return tried->ok() ? one(request, caller, manifest) : refused(request, *tried);
    }

private:
    bool mayLink(const Caller& caller, const std::string& system) const {
        const auto today = identity::dayAt(context_.hub.clock.wall(), context_.hub.site.utcOffset);
        const auto subject = gateway::subjectOf(*caller.session, *caller.directory, today, context_.hub.clock.wall());
        return context_.hub.gateway.policy()->mayEnter(subject, system);
    }

    SystemPtr systemOf(const Request& request, const Caller& caller) const {
        const auto id = std::string(request.params.text("system"));
        return mayLink(caller, id) ? context_.hub.catalog()->find(id) : nullptr;
    }

    static Response unknown(const Request& request) {
        return apiProblem(request, 404, "not_found", "没有这个系统", "No such system");
    }
    static Response managed(const Request& request) {
        return apiProblem(request, 409, "managed", "该系统的账号由管理员维护", "An administrator keeps this account");
    }
    /// Nothing was sent to the system: the step is the account itself. `detail` of the error names the field.
    static Response invalid(const Request& request, const core::Error& error) {
        Json body{{"type", "about:blank"}, {"status", 422}, {"code", "invalid_field"}, {"step", "account"}};
        body["title"] = "提交的内容有误 / The input is not right";
        body["detail"] = error.message;
        body["trace_id"] = request.requestId;
        body["fields"] = Json::array();
        const std::string field = error.detail.empty() ? "fields" : error.detail;
        body["fields"].push_back({{"name", field}, {"code", "invalid_field"}, {"detail", error.message}});
        Response response = Response::json(422, body);
        response.headers.set("Content-Type", "application/problem+json");
        return response;
    }

    static core::Result<vault::Fields> readFields(const Request& request, const Manifest& manifest) {
        YIMEN_TRY(const Json body, request.json());
        YIMEN_TRY_STATUS(core::JsonReader(body).onlyKeys({"fields"}));
        const Json values = body.value("fields", Json());
        vault::Fields fields;
        for (const auto& field : manifest.login.fields) {
            auto value = core::JsonReader(values, "$.fields").text(field.name.c_str());
            if (!value.ok()) {
                return core::makeError(core::ErrorCode::kInvalidInput, value.error().message, field.name);
            }
            if (value->empty() || value->size() > kMaxFieldBytes) {
                return core::makeError(core::ErrorCode::kInvalidInput,
                                       field.label.zh + " 不能为空也不能过长 / must be given and not too long",
                                       field.name);
            }
            fields.emplace(field.name, core::Secret(std::move(*value)));
        }
        return fields;
    }

    /// One real sign-on in a session of its own, ended again: what is tried here touches nobody's jar.
    core::Result<adapter::SignOnOutcome> attempt(const adapter::SystemAdapter& system,
                                                 const vault::Fields& fields) const {
        adapter::SecretMap secrets(fields.begin(), fields.end());
        if (!system.manifest().login.systemSecrets.empty()) {
            YIMEN_TRY(auto shared,
                      context_.hub.vault.open(0, system.manifest().id, vault::AccountMode::kShared, "test"));
            for (auto& [name, value] : shared.fields) secrets.try_emplace(name, std::move(value));
        }
        const auto session = system.newSession();
        const adapter::SignOnContext context{system.client(), *session, secrets, context_.hub.clock,
                                             context_.hub.random};
        auto outcome = system.engine().signOn(context);
        if (outcome.ok() && outcome->ok()) {
            const auto left = system.engine().signOff(context);
            if (!left.ok()) core::logWarn("link.sign_off_failed", {{"system", system.manifest().id}});
        }
        return outcome;
    }

    core::Status note(std::string type, const Request& request, const Caller& caller, const std::string& system,
                      adapter::Outcome outcome) const {
        auto event = web::eventOf(std::move(type), request, &caller);
        event.system = system;
        event.result = outcome == adapter::Outcome::kOk ? audit::AuditResult::kOk : audit::AuditResult::kFailed;
        event.fields.emplace_back("outcome", adapter::toString(outcome));
        return web::record(context_.hub, std::move(event));
    }

    Response refused(const Request& request, const adapter::SignOnOutcome& outcome) const {
        const bool chinese = context_.pages.languageOf(request) == http::Language::kZh;
        Json body{{"type", "about:blank"}, {"status", 422}, {"code", adapter::toString(outcome.outcome)}};
        body["title"] = chinese ? adapter::textZh(outcome.outcome) : adapter::textEn(outcome.outcome);
        body["detail"] = outcome.detail.empty() ? body["title"].get<std::string>() : outcome.detail;
        body["step"] = outcome.step;
        body["trace_id"] = request.requestId;
        body["fields"] = Json::array();
        Response response = Response::json(422, body);
        response.headers.set("Content-Type", "application/problem+json");
        return response;
    }

    static Json describe(const Manifest& manifest, const std::vector<vault::LinkStatus>& links,
                         store::PersonId person) {
        Json item{{"system", manifest.id}, {"name", manifest.name.zh}, {"mode", modeOf(manifest.login.account)}};
        item["account"] = nullptr;
        item["state"] = manifest.login.account == AccountMode::kOwn ? "unlinked" : "linked";
        item["last_verified_at"] = nullptr;
        for (const auto& link : links) {
            if (link.system != manifest.id || link.person != person) continue;
            item["state"] = link.state == store::LinkState::kBroken ? "broken" : "linked";
            item["last_verified_at"] = timeOrNull(link.verifiedAt);
            // The vault opens an account inside a sign-on only, so its name is not shown either.
            item["account"] = "••••";
        }
        Json fields = Json::array();
        if (manifest.login.account == AccountMode::kOwn) {
            for (const auto& field : manifest.login.fields) {
                fields.push_back({{"name", field.name},
                                  {"label", field.label.zh},
                                  {"label_en", field.label.en},
                                  {"secret", field.secret}});
            }
        }
        item["fields"] = std::move(fields);
        return item;
    }

    Response one(const Request& request, const Caller& caller, const Manifest& manifest) const {
        const auto links = context_.hub.vault.status(caller.person.id);
        if (!links.ok()) return apiProblem(request, links.error());
        return Response::json(200, describe(manifest, *links, caller.person.id));
    }

    const web::WebContext& context_;
};

}  // namespace

core::Status mountLinks(http::Router& router, const web::WebContext& context) {
    const auto api = std::make_shared<LinksApi>(context);
    const auto& guard = context.guard;
    const std::string one = "/api/v1/me/links/{system}";
    YIMEN_TRY_STATUS(router.add({"GET",
                                 "/api/v1/me/links",
                                 guard.api([api](const Request& r, const Caller& c) { return api->list(r, c); }),
                                 {}}));
    YIMEN_TRY_STATUS(
        router.add({"POST", one, guard.api([api](const Request& r, const Caller& c) { return api->link(r, c); }), {}}));
    YIMEN_TRY_STATUS(router.add(
        {"DELETE", one, guard.api([api](const Request& r, const Caller& c) { return api->unlink(r, c); }), {}}));
    return router.add(
        {"POST", one + "/test", guard.api([api](const Request& r, const Caller& c) { return api->test(r, c); }), {}});
}

}  // namespace yimen::admin
