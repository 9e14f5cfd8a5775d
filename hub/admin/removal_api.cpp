#include "admin/data_desk.h"
#include "admin/data_json.h"
#include "sync/targets/cells.h"

namespace yimen::admin {

using core::ErrorCode;
using core::Json;
using core::makeError;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

/// What the guard of a complete read held back: look at it, agree to it.
class RemovalApi {
public:
    RemovalApi(const web::WebContext& context, DataDesk& desk) : context_(context), desk_(desk) {}

    /// Keys are often numbers of people: who looks at them is written down first.
    Response show(const Request& request, const Caller& caller) const {
        const auto run = find(request);
        if (!run.ok()) return apiProblem(request, run.error());
        if (auto kept = record("sync.removal.read", request, caller, *run); !kept.ok())
            return apiProblem(request, kept.error());
        const auto out = removal(*run);
        return out.ok() ? Response::json(200, *out) : apiProblem(request, out.error());
    }

    /// `unseen` repeats the number that the person saw: nobody agrees to another one than they looked at.
    Response confirm(const Request& request, const Caller& caller) {
        const auto run = find(request);
        if (!run.ok()) return apiProblem(request, run.error());
        const auto body = core::parseJson(request.body);
        if (!body.ok()) return apiProblem(request, body.error());
        const core::JsonReader reader(*body);
        if (auto keys = reader.onlyKeys({"unseen"}); !keys.ok()) return apiProblem(request, keys.error());
        const auto unseen = reader.integer("unseen");
        if (!unseen.ok()) return apiProblem(request, unseen.error());
        if (*unseen < 0 || static_cast<std::uint64_t>(*unseen) != run->removal->unseen) {
            return apiProblem(request,
                              makeError(ErrorCode::kConflict,
                                        "$.unseen: 与该次运行拦下的数量不符 / the run held back another number "
                                        "of records: look again"));
        }
        // Written down before it can have an effect: nothing is removed that nobody answers for.
        if (auto kept = record("sync.removal.confirm", request, caller, *run); !kept.ok())
            return apiProblem(request, kept.error());
        if (auto done = desk_.shared().board->confirmRemoval(run->item, run->id); !done.ok()) {
            if (auto kept = record("sync.removal.confirm", request, caller, *run, audit::AuditResult::kFailed);
                !kept.ok()) {
                return apiProblem(request, kept.error());
            }
            return apiProblem(request, done.error());
        }
        desk_.act(run->item, false);
        return Response::json(200, {{"run", run->id}, {"item", run->item}});
    }

private:
    core::Result<sync::Run> find(const Request& request) const {
        const auto id = sync::integerOf(request.params.text("run"));
        YIMEN_TRY(auto run, desk_.shared().runs->find(id.value_or(0)));
        if (!run) return makeError(ErrorCode::kNotFound, "没有这次运行 / there is no such run");
        if (!run->removal || !run->removal->refused) {
            return makeError(ErrorCode::kConflict, "该次运行没有拦下删除 / the run held nothing back");
        }
        return std::move(*run);
    }

    core::Status record(const char* type, const Request& request, const Caller& caller, const sync::Run& run,
                        audit::AuditResult result = audit::AuditResult::kOk) const {
        auto event = web::eventOf(type, request, &caller);
        event.result = result;
        event.subject = "item:" + run.item;
        event.fields.emplace_back("item", run.item);
        event.fields.emplace_back("run", std::to_string(run.id));
        event.fields.emplace_back("unseen", std::to_string(run.removal->unseen));
        event.fields.emplace_back("before", std::to_string(run.removal->before));
        return web::record(context_.hub, std::move(event));
    }

    core::Result<Json> removal(const sync::Run& run) const {
        const sync::ItemSpecPtr spec = desk_.spec(run.item);
        if (spec == nullptr) {
            return makeError(ErrorCode::kNotFound, "尚未接入 / nothing supplies " + run.item + " any more");
        }
        Json keys = Json::array();
        for (const std::size_t key : spec->table.schema.keys()) {
            keys.push_back(
                {{"name", spec->table.schema.fields[key].name}, {"title", spec->table.schema.fields[key].title}});
        }
        YIMEN_TRY(const auto samples, desk_.shared().rows->heldBack(spec->table, run.id));
        YIMEN_TRY(const bool confirmed, isConfirmed(run));
        return Json{{"run", run.id},
                    {"item", run.item},
                    {"unseen", run.removal->unseen},
                    {"before", run.removal->before},
                    {"confirmed", confirmed},
                    {"keys", std::move(keys)},
                    {"samples", samples}};
    }

    core::Result<bool> isConfirmed(const sync::Run& run) const {
        YIMEN_TRY(const auto jobs, desk_.shared().board->list());
        for (const sync::Job& job : jobs) {
            if (job.item == run.item && !job.backfill) return job.confirmedRun == run.id;
        }
        return false;
    }

    const web::WebContext& context_;
    DataDesk& desk_;
};

}  // namespace

core::Status mountRemovals(http::Router& router, const web::WebContext& context, DataDesk& desk) {
    const auto api = std::make_shared<RemovalApi>(context, desk);
    const auto route = [&](auto method) {
        return context.guard.admin({Role::kDataSteward, Role::kSystemAdmin},
                                   [api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/sync/runs/{run}/removal", route(&RemovalApi::show), {}}));
    return router.add({"POST", "/api/v1/sync/runs/{run}/removal", route(&RemovalApi::confirm), {}});
}

}  // namespace yimen::admin
