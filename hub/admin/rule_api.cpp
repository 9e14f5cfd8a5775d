#include <algorithm>
#include <map>

#include "admin/api.h"
#include "admin/check_desk.h"
#include "sync/targets/cells.h"

namespace yimen::admin {

using catalog::CheckSpec;
using core::ErrorCode;
using core::Json;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::size_t kMaxNote = 500;

Json runJson(const store::CheckRunRecord& run) {
    return {{"at", timeOrNull(run.at)}, {"millis", run.millis}, {"found", run.found},
            {"opened", run.opened},     {"closed", run.closed}, {"error", run.error}};
}

class RuleApi {
public:
    RuleApi(const web::WebContext& context, CheckDesk& desk) : context_(context), desk_(desk) {}

    Response checks(const Request& request, const Caller&) const {
        const auto runs = context_.hub.stores.alerts->runs();
        const auto alerts = context_.hub.stores.alerts->list("", true);
        if (!runs.ok()) return apiProblem(request, runs.error());
        if (!alerts.ok()) return apiProblem(request, alerts.error());
        std::map<std::string, std::int64_t> open;
        for (const store::AlertRecord& alert : *alerts) ++open[alert.check];
        Json items = Json::array();
        for (const CheckSpec& check : desk_.checks) {
            const auto run =
                std::find_if(runs->begin(), runs->end(), [&](const auto& r) { return r.check == check.name; });
            items.push_back({{"name", check.name},
                             {"code", check.code},
                             {"title", {{"zh", check.titleZh}, {"en", check.titleEn}}},
                             {"severity", check.severity},
                             {"items", check.items},
                             {"missing", desk_.runner.missing(check)},
                             {"cron", check.schedule.cron},
                             {"every_seconds", check.schedule.every.count() / 1000},
                             {"open", open[check.name]},
                             {"last_run", run == runs->end() ? Json(nullptr) : runJson(*run)}});
        }
        return Response::json(200, {{"items", std::move(items)}});
    }

    Response run(const Request& request, const Caller& caller) const {
        const std::string_view name = request.params.text("check");
        const auto check =
            std::find_if(desk_.checks.begin(), desk_.checks.end(), [&](const auto& c) { return c.name == name; });
        if (check == desk_.checks.end()) {
            return apiProblem(request, core::makeError(ErrorCode::kNotFound, "没有此规则 / there is no such check"));
        }
        auto event = web::eventOf("check.run", request, &caller);
        event.fields.emplace_back("check", check->name);
        if (auto kept = web::record(context_.hub, std::move(event)); !kept.ok())
            return apiProblem(request, kept.error());
        const auto done = desk_.runner.run(*check);
        return done.ok() ? Response::json(200, runJson(*done)) : apiProblem(request, done.error());
    }

    Response alerts(const Request& request, const Caller& caller) const {
        const bool openOnly = request.query.text("state") != "all";
        const auto found = context_.hub.stores.alerts->list(std::string(request.query.text("check")), openOnly);
        if (!found.ok()) return apiProblem(request, found.error());
        Json items = Json::array();
        for (const store::AlertRecord& alert : *found) items.push_back(alertJson(alert, caller));
        return Response::json(200, {{"items", std::move(items)}});
    }

    /// With its evidence: who looked at whom is written down.
    Response alert(const Request& request, const Caller& caller) const {
        const auto found = find(request);
        if (!found.ok()) return apiProblem(request, found.error());
        if (auto kept = note("alert.seen", request, caller, *found); !kept.ok())
            return apiProblem(request, kept.error());
        Json out = alertJson(*found, caller);
        const auto evidence = core::parseJson(found->evidence);
        out["evidence"] = evidence.ok() ? *evidence : Json(nullptr);
        return Response::json(200, out);
    }

    Response take(const Request& request, const Caller& caller) const {
        const auto found = find(request);
        if (!found.ok()) return apiProblem(request, found.error());
        const auto body = core::parseJson(request.body);
        const auto text = body.ok() ? core::JsonReader(*body).text("note") : core::Result<std::string>(body.error());
        if (!text.ok()) return apiProblem(request, text.error());
        if (text->size() > kMaxNote) {
            return apiProblem(request, core::makeError(ErrorCode::kInvalidInput, "$.note: 过长 / at most 500 bytes"));
        }
        const auto taken =
            context_.hub.stores.alerts->take(found->id, caller.person.id, *text, context_.hub.clock.wall());
        if (!taken.ok()) return apiProblem(request, taken.error());
        if (auto kept = note("alert.taken", request, caller, *found); !kept.ok())
            return apiProblem(request, kept.error());
        return alert(request, caller);
    }

private:
    core::Result<store::AlertRecord> find(const Request& request) const {
        YIMEN_TRY(auto found,
                  context_.hub.stores.alerts->get(sync::integerOf(request.params.text("alert")).value_or(0)));
        if (!found) return core::makeError(ErrorCode::kNotFound, "没有此预警 / there is no such alert");
        return std::move(*found);
    }

    core::Status note(const std::string& type, const Request& request, const Caller& caller,
                      const store::AlertRecord& alert) const {
        auto event = web::eventOf(type, request, &caller);
        event.subject = "alert:" + std::to_string(alert.id);
        event.fields.emplace_back("check", alert.check);
        return web::record(context_.hub, std::move(event));
    }

    static Json alertJson(const store::AlertRecord& alert, const Caller& caller) {
        const auto* taker = caller.directory->person(alert.takenBy);
        const bool closed = alert.closedAt != core::WallTime{};
        return {{"id", alert.id},
                {"check", alert.check},
                {"severity", alert.severity},
                {"message", alert.message},
                {"state", closed               ? "closed"
                          : alert.takenBy != 0 ? "taken"
                                               : "open"},
                {"opened_at", timeOrNull(alert.openedAt)},
                {"seen_at", timeOrNull(alert.seenAt)},
                {"closed_at", timeOrNull(alert.closedAt)},
                {"taken_at", timeOrNull(alert.takenAt)},
                {"taken_by", taker == nullptr ? Json(nullptr) : Json(taker->name)},
                {"note", alert.note}};
    }

    const web::WebContext& context_;
    CheckDesk& desk_;
};

}  // namespace

core::Status mountChecks(http::Router& router, const web::WebContext& context, CheckDesk& desk) {
    const auto api = std::make_shared<RuleApi>(context, desk);
    const auto call = [&](auto method) {
        return [api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); };
    };
    const auto read = [&](auto method) {
        return context.guard.admin({Role::kDataSteward, Role::kAuditor}, call(method));
    };
    const auto write = [&](auto method) { return context.guard.admin({Role::kDataSteward}, call(method)); };
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/checks", read(&RuleApi::checks), {}}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/checks/{check}/run", write(&RuleApi::run), {}}));
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/alerts", read(&RuleApi::alerts), {}}));
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/alerts/{alert}", read(&RuleApi::alert), {}}));
    return router.add({"POST", "/api/v1/alerts/{alert}", write(&RuleApi::take), {}});
}

}  // namespace yimen::admin
