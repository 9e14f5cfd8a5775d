#include "admin/api.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

class OperationsApi {
public:
    OperationsApi(const web::WebContext& context, Operations& operations)
        : context_(context), operations_(operations) {}

    Response adapters(const Request&, const Caller&) const {
        Json items = Json::array();
        const auto catalog = context_.hub.catalog();
        for (const auto& [id, system] : catalog->systems()) {
            const auto& manifest = system->manifest();
            items.push_back({{"id", id},
                             {"name", manifest.name.zh},
                             {"version", manifest.version},
                             {"login_kind", adapter::toString(manifest.login.kind)},
                             {"state", "active"},
                             {"error", nullptr}});
        }
        for (const auto& refused : catalog->refused()) {
            items.push_back({{"id", refused.id},
                             {"name", refused.id},
                             {"version", ""},
                             {"login_kind", ""},
                             {"state", "failed"},
                             {"error", refused.error.message}});
        }
        return Response::json(200, {{"items", items}});
    }

    Response reload(const Request& request, const Caller& caller) const {
        std::vector<std::string> faults;
        const auto done = operations_.reload(faults);
        auto event = web::eventOf("config.reloaded", request, &caller);
        if (!done.ok()) event.result = audit::AuditResult::kFailed;
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        if (!done.ok()) return refused(request, done.error(), faults);
        return Response::json(
            200, {{"generation", done->generation}, {"adapters", done->adapters}, {"policies", done->policies}});
    }

    Response verify(const Request& request, const Caller& caller) const {
        const auto state = operations_.verifyAudit();
        if (!state.ok()) return apiProblem(request, state.error());
        if (auto durable = web::record(context_.hub, web::eventOf("audit.verified", request, &caller)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        Json firstBad = state->firstBad < 0 ? Json(nullptr) : Json(state->firstBad);
        return Response::json(
            200, {{"ok", state->ok}, {"records", state->records}, {"first_bad", firstBad}, {"head", state->head}});
    }

private:
    static Response refused(const Request& request, const core::Error& error, const std::vector<std::string>& faults) {
        http::Problem problem;
        problem.status = 422;
        problem.code = "config";
        problem.title = "配置有误，仍在使用原来的配置 / refused as a whole; the former configuration stays in force";
        problem.detail = error.message;
        problem.traceId = request.requestId;
        for (const auto& fault : faults) problem.fields.push_back({fault.substr(0, fault.find(": ")), "config", fault});
        return Response::problem(problem);
    }

    const web::WebContext& context_;
    Operations& operations_;
};

}  // namespace

core::Status mountOperations(http::Router& router, const web::WebContext& context, Operations& operations) {
    const auto api = std::make_shared<OperationsApi>(context, operations);
    const auto route = [&](std::initializer_list<Role> roles, auto method) {
        return context.guard.admin(roles,
                                   [api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(
        router.add({"GET",
                    "/api/v1/admin/adapters",
                    route({Role::kSystemAdmin, Role::kSecurityAdmin, Role::kAuditor}, &OperationsApi::adapters),
                    {}}));
    YIMEN_TRY_STATUS(
        router.add({"POST", "/api/v1/admin/reload", route({Role::kSystemAdmin}, &OperationsApi::reload), {}}));
    YIMEN_TRY_STATUS(mountAudit(router, context, operations));
    return router.add({"GET", "/api/v1/admin/audit/verify", route({Role::kAuditor}, &OperationsApi::verify), {}});
}

}  // namespace yimen::admin
