#include "admin/api.h"
#include "admin/share_desk.h"
#include "sync/targets/cells.h"

namespace yimen::admin {

using core::Error;
using core::ErrorCode;
using core::Json;
using http::Request;
using http::Response;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::size_t kDeliveries = 100;

class SharePushApi {
public:
    SharePushApi(const web::WebContext& context, ShareDesk& desk) : context_(context), desk_(desk) {}

    Response show(const Request& request, const Caller& caller) const {
        const auto share = find(request, caller);
        if (!share.ok()) return apiProblem(request, share.error());
        const auto push = context_.hub.stores.sharePushes->get(share->id);
        const auto sent = context_.hub.stores.sharePushes->deliveries(share->id, kDeliveries);
        if (!push.ok()) return apiProblem(request, push.error());
        if (!sent.ok()) return apiProblem(request, sent.error());
        if (!*push) return Response::json(200, {{"push", nullptr}});
        Json deliveries = Json::array();
        for (const store::ShareDelivery& one : *sent) {
            deliveries.push_back({{"batch", one.number},
                                  {"rows", one.rows},
                                  {"attempts", one.attempts},
                                  {"status", one.status},
                                  {"first_at", timeOrNull(one.firstAt)},
                                  {"last_at", timeOrNull(one.lastAt)},
                                  {"acknowledged", one.acknowledged}});
        }
        const store::SharePushRecord& now = **push;
        return Response::json(200, {{"push",
                                     {{"endpoint", now.endpoint},
                                      {"acknowledged", now.acknowledged},
                                      {"failures", now.failures},
                                      {"next_try", timeOrNull(now.nextTry)},
                                      {"paused", now.paused},
                                      {"last_error", now.lastError},
                                      {"deliveries", std::move(deliveries)}}}});
    }

    Response configure(const Request& request, const Caller& caller) const {
        const auto share = find(request, caller);
        if (!share.ok()) return apiProblem(request, share.error());
        const auto body = core::parseJson(request.body);
        if (!body.ok()) return apiProblem(request, body.error());
        const auto endpoint = core::JsonReader(*body).text("endpoint");
        if (!endpoint.ok()) return apiProblem(request, endpoint.error());
        if (share->state != catalog::share_state::kActive) {
            return apiProblem(request, core::makeError(ErrorCode::kConflict, "共享未生效 / the share is not in force"));
        }
        const auto key = desk_.pushes->configure(share->id, *endpoint);
        if (!key.ok()) return apiProblem(request, key.error());
        if (auto kept = note(request, caller, *share, "configure"); !kept.ok())
            return apiProblem(request, kept.error());
        return Response::json(200, {{"endpoint", *endpoint}, {"signing_key", std::string(key->reveal())}});
    }

    Response act(const Request& request, const Caller& caller) const {
        const auto share = find(request, caller);
        if (!share.ok()) return apiProblem(request, share.error());
        const auto body = core::parseJson(request.body);
        if (!body.ok()) return apiProblem(request, body.error());
        const auto action = core::JsonReader(*body).text("action");
        if (!action.ok()) return apiProblem(request, action.error());
        if (const auto done = desk_.pushes->act(share->id, *action); !done.ok())
            return apiProblem(request, done.error());
        if (auto kept = note(request, caller, *share, *action); !kept.ok()) return apiProblem(request, kept.error());
        return show(request, caller);
    }

    Response remove(const Request& request, const Caller& caller) const {
        const auto share = find(request, caller);
        if (!share.ok()) return apiProblem(request, share.error());
        if (const auto gone = desk_.pushes->remove(share->id); !gone.ok()) return apiProblem(request, gone.error());
        if (auto kept = note(request, caller, *share, "remove"); !kept.ok()) return apiProblem(request, kept.error());
        return Response::noContent();
    }

private:
    /// Pushes are the business of the unit that receives them.
    core::Result<store::ShareRecord> find(const Request& request, const Caller& caller) const {
        const auto nothing = core::makeError(ErrorCode::kNotFound, "没有此共享 / there is no such share");
        auto share = desk_.service.find(sync::integerOf(request.params.text("share")).value_or(0));
        const auto today = identity::dayAt(context_.hub.clock.wall(), context_.hub.site.utcOffset);
        if (!share.ok() || !belongsTo(caller, share->unit, today)) return nothing;
        return share;
    }

    core::Status note(const Request& request, const Caller& caller, const store::ShareRecord& share,
                      const std::string& action) const {
        auto event = web::eventOf("share.push_changed", request, &caller);
        event.subject = "share:" + std::to_string(share.id);
        event.fields.emplace_back("item", share.item);
        event.fields.emplace_back("action", action);
        return web::record(context_.hub, std::move(event));
    }

    const web::WebContext& context_;
    ShareDesk& desk_;
};

}  // namespace

core::Status mountSharePush(http::Router& router, const web::WebContext& context, ShareDesk& desk) {
    const auto api = std::make_shared<SharePushApi>(context, desk);
    const auto route = [&](auto method) {
        return context.guard.api([api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/shares/{share}/push", route(&SharePushApi::show), {}}));
    YIMEN_TRY_STATUS(router.add({"PUT", "/api/v1/shares/{share}/push", route(&SharePushApi::configure), {}}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/shares/{share}/push", route(&SharePushApi::act), {}}));
    return router.add({"DELETE", "/api/v1/shares/{share}/push", route(&SharePushApi::remove), {}});
}

}  // namespace yimen::admin
