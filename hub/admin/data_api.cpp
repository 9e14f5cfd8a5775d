#include <algorithm>
#include <map>

#include "admin/data_desk.h"
#include "admin/data_json.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::size_t kMaxRuns = 500;

Json runJson(const sync::Run& run) {
    Json removal = nullptr;
    if (run.removal) {
        removal = {{"unseen", run.removal->unseen},
                   {"before", run.removal->before},
                   {"removed", run.removal->removed},
                   {"refused", run.removal->refused}};
    }
    return {{"id", run.id},
            {"item", run.item},
            {"kind", toString(run.kind)},
            {"mode", run.mode == sync::ReadMode::kFull ? "full" : "incremental"},
            {"state", toString(run.state)},
            {"started_at", timeOfMs(run.startedAt)},
            {"ended_at", timeOfMs(run.endedAt)},
            {"map_version", run.mapVersion},
            {"error", run.error},
            {"counters", countersJson(run.counters)},
            {"removal", std::move(removal)}};
}

class DataApi {
public:
    DataApi(const web::WebContext& context, DataDesk& desk) : context_(context), desk_(desk) {}

    Response items(const Request& request, const Caller&) const {
        const auto last = lastRuns();
        if (!last.ok()) return apiProblem(request, last.error());
        Json list = Json::array();
        for (const catalog::DataItem* item : desk_.catalog().search(request.query.text("q"))) {
            list.push_back(itemJson(*item, *last));
        }
        return Response::json(200, {{"items", std::move(list)}});
    }

    Response item(const Request& request, const Caller&) const {
        const std::string code(request.params.text("item"));
        const catalog::DataItem* item = desk_.catalog().find(code);
        if (item == nullptr) return apiProblem(request, unknown(code));
        const auto last = lastRuns();
        if (!last.ok()) return apiProblem(request, last.error());
        Json out = itemJson(*item, *last);
        out["resource_code"] = item->resourceCode;
        out["share_condition"] = item->shareCondition;
        out["key_fields"] = item->keyFields;
        Json fields = Json::array();
        if (const sync::ItemSpecPtr spec = desk_.spec(code)) {
            for (const sync::Field& field : spec->table.schema.fields) {
                fields.push_back({{"name", field.name},
                                  {"title", field.title},
                                  {"type", toString(field.type)},
                                  {"key", field.key},
                                  {"required", field.required}});
            }
            const auto count = desk_.shared().rows->count(spec->table);
            out["rows"] = count.ok() ? Json(*count) : Json(nullptr);
        } else {
            out["rows"] = nullptr;
        }
        out["fields"] = std::move(fields);
        return Response::json(200, out);
    }

    Response jobs(const Request& request, const Caller&) const {
        const auto jobs = desk_.shared().board->list();
        const auto last = lastRuns();
        if (!jobs.ok()) return apiProblem(request, jobs.error());
        if (!last.ok()) return apiProblem(request, last.error());
        std::map<std::string, std::shared_ptr<sync::Progress>> running;
        for (auto& [item, progress] : desk_.running()) running[item] = std::move(progress);
        const auto progressOf = [&](const std::string& name) -> Json {
            const auto now = running.find(name);
            if (now == running.end()) return nullptr;
            return {{"read", now->second->read.load()},
                    {"written", now->second->written.load()},
                    {"rejected", now->second->rejected.load()}};
        };
        std::map<std::string, Json> backfills;
        for (const sync::Job& job : *jobs) {
            if (!job.backfill) continue;
            const auto now = core::toUnixMicros(context_.hub.clock.wall()) / 1000;
            backfills[job.item] = {{"column", job.backfill->column},
                                   {"from", job.backfill->from},
                                   {"to", job.backfill->to},
                                   {"state", job.leaseUntil > now ? "running" : "waiting"},
                                   {"progress", progressOf(sync::jobName(job.item, true))}};
        }
        Json list = Json::array();
        for (const sync::Job& job : *jobs) {
            if (job.backfill) continue;
            const auto run = last->find(job.item);
            const auto backfill = backfills.find(job.item);
            list.push_back({{"item", job.item},
                            {"next_run", timeOfMs(job.nextRun)},
                            {"paused", job.paused},
                            {"failures", job.failures},
                            {"progress", progressOf(job.item)},
                            {"backfill", backfill == backfills.end() ? Json(nullptr) : backfill->second},
                            {"last_run", run == last->end() ? Json(nullptr) : runJson(run->second)}});
        }
        return Response::json(200, {{"items", std::move(list)}});
    }

    Response act(const Request& request, const Caller& caller) {
        const std::string item(request.params.text("item"));
        const auto body = core::parseJson(request.body);
        if (!body.ok()) return apiProblem(request, body.error());
        if (auto keys = core::JsonReader(*body).onlyKeys({"action"}); !keys.ok())
            return apiProblem(request, keys.error());
        const auto action = core::JsonReader(*body).text("action");
        if (!action.ok()) return apiProblem(request, action.error());
        auto event = web::eventOf("sync.job." + *action, request, &caller);
        event.fields.emplace_back("item", item);
        if (const auto done = carryOut(item, *action); !done.ok()) return apiProblem(request, done.error());
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        return Response::json(200, {{"item", item}, {"action", *action}});
    }

    Response runs(const Request& request, const Caller&) const {
        const auto list = desk_.shared().runs->list(std::string(request.query.text("item")), kMaxRuns);
        if (!list.ok()) return apiProblem(request, list.error());
        Json out = Json::array();
        for (const sync::Run& run : *list) out.push_back(runJson(run));
        return Response::json(200, {{"items", std::move(out)}});
    }

private:
    static core::Error unknown(const std::string& code) {
        return core::makeError(core::ErrorCode::kNotFound, "目录中没有 / no item '" + code + "' in the catalogue");
    }

    core::Status carryOut(const std::string& item, const std::string& action) {
        sync::JobBoard& board = *desk_.shared().board;
        if (action == "run" || action == "run_full") {
            YIMEN_TRY_STATUS(board.runNow(item, action == "run_full"));
            desk_.act(item, false);
            return {};
        }
        if (action == "pause" || action == "resume") return board.pause(item, action == "pause");
        if (action == "cancel") {
            if (desk_.act(item, true)) return {};
            return board.cancel(item);  // another node runs it, or none
        }
        return core::makeError(core::ErrorCode::kInvalidInput, "$.action: one of run, run_full, pause, resume, cancel");
    }

    /// The newest run of each item; a backfill or a replay does not bring it up to date.
    core::Result<std::map<std::string, sync::Run>> lastRuns() const {
        constexpr std::size_t kEnough = 10'000;
        YIMEN_TRY(auto runs, desk_.shared().runs->list("", kEnough));
        std::map<std::string, sync::Run> out;
        for (sync::Run& run : runs) {
            if (run.kind == sync::RunKind::kSync) out.emplace(run.item, std::move(run));
        }
        return out;
    }

    Json itemJson(const catalog::DataItem& item, const std::map<std::string, sync::Run>& last) const {
        const sync::ItemSpecPtr spec = desk_.spec(item.code);
        const auto run = last.find(item.code);
        const auto age = catalog::latestAge(item.cycle);
        bool late = false;
        if (spec != nullptr && age) {
            const auto now = core::toUnixMicros(context_.hub.clock.wall()) / 1000;
            const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(*age).count();
            late = run == last.end() || now - run->second.startedAt > limit;
        }
        return {{"code", item.code},
                {"name", item.name},
                {"category", item.category},
                {"source", item.source},
                {"provider", item.provider},
                {"level", item.level},
                {"share", toString(item.share)},
                {"personal", toString(item.personal)},
                {"cycle", item.cycle},
                {"supplied", spec != nullptr},
                {"late", late},
                {"last_run", run == last.end() ? Json(nullptr) : runJson(run->second)}};
    }

    const web::WebContext& context_;
    DataDesk& desk_;
};

}  // namespace

core::Status mountData(http::Router& router, const web::WebContext& context, DataDesk& desk) {
    const auto api = std::make_shared<DataApi>(context, desk);
    const auto route = [&](auto method) {
        return context.guard.admin({Role::kDataSteward, Role::kSystemAdmin},
                                   [api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/data/items", route(&DataApi::items), {}}));
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/data/items/{item}", route(&DataApi::item), {}}));
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/sync/jobs", route(&DataApi::jobs), {}}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/sync/jobs/{item}", route(&DataApi::act), {}}));
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/sync/runs", route(&DataApi::runs), {}}));
    YIMEN_TRY_STATUS(mountRemovals(router, context, desk));
    YIMEN_TRY_STATUS(mountBackfills(router, context, desk));
    return mountLetters(router, context, desk);
}

}  // namespace yimen::admin
