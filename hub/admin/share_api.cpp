#include <algorithm>

#include "admin/api.h"
#include "admin/share_desk.h"
#include "core/time_format.h"
#include "sync/targets/cells.h"

namespace yimen::admin {

using catalog::ShareActor;
using catalog::ShareDraft;
using core::Error;
using core::ErrorCode;
using core::Json;
using core::Result;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

constexpr store::Day kUsageDays = 30;

class ShareApi {
public:
    ShareApi(const web::WebContext& context, ShareDesk& desk) : context_(context), desk_(desk) {}

    Response list(const Request& request, const Caller& caller) const {
        const auto shares = context_.hub.stores.shares->list(std::string(request.query.text("state")));
        if (!shares.ok()) return apiProblem(request, shares.error());
        const std::string_view item = request.query.text("item");
        Json items = Json::array();
        for (const store::ShareRecord& share : *shares) {
            if (!item.empty() && share.item != item) continue;
            if (maySee(caller, share)) items.push_back(summary(share, caller));
        }
        return Response::json(200, {{"items", std::move(items)}});
    }

    Response show(const Request& request, const Caller& caller) const {
        const auto share = find(request, caller);
        return share.ok() ? detail(request, *share, caller) : apiProblem(request, share.error());
    }

    Response create(const Request& request, const Caller& caller) const {
        const auto draft = draftOf(request);
        if (!draft.ok()) return apiProblem(request, draft.error());
        ShareActor actor{caller.person.id, false, belongsTo(caller, draft->unit, today()), false};
        return changed({request, caller, "share.requested", ""}, [&] { return desk_.service.request(*draft, actor); });
    }

    Response revise(const Request& request, const Caller& caller) const {
        const auto share = find(request, caller);
        if (!share.ok()) return apiProblem(request, share.error());
        const auto draft = draftOf(request);
        if (!draft.ok()) return apiProblem(request, draft.error());
        return changed({request, caller, "share.revised", ""},
                       [&] { return desk_.service.revise(share->id, *draft, actorOf(caller, *share)); });
    }

    Response act(const Request& request, const Caller& caller) const {
        const auto share = find(request, caller);
        if (!share.ok()) return apiProblem(request, share.error());
        const auto body = core::parseJson(request.body);
        if (!body.ok()) return apiProblem(request, body.error());
        const core::JsonReader reader(*body);
        const auto known = reader.onlyKeys({"action", "reason", "version"});
        const auto action = reader.text("action");
        const auto version = reader.integer("version");
        if (!known.ok()) return apiProblem(request, known.error());
        if (!action.ok()) return apiProblem(request, action.error());
        if (!version.ok()) return apiProblem(request, version.error());
        const auto reason = reader.has("reason") ? reader.text("reason") : Result<std::string>(std::string());
        if (!reason.ok()) return apiProblem(request, reason.error());
        return changed({request, caller, "share.decided", *action}, [&] {
            return desk_.service.act(share->id, *action, *reason, *version, actorOf(caller, *share));
        });
    }

    Response issueToken(const Request& request, const Caller& caller) const {
        const auto share = find(request, caller);
        if (!share.ok()) return apiProblem(request, share.error());
        const auto body = core::parseJson(request.body);
        const auto name = body.ok() ? core::JsonReader(*body).text("name") : Result<std::string>(body.error());
        if (!name.ok()) return apiProblem(request, name.error());
        if (!actorOf(caller, *share).consumer) return apiProblem(request, notTheirs());
        if (share->state != catalog::share_state::kActive) {
            return apiProblem(request, core::makeError(ErrorCode::kConflict, "共享未生效 / the share is not in force"));
        }
        const auto issued = desk_.tokens.issue(share->id, *name, caller.person.id);
        if (!issued.ok()) return apiProblem(request, issued.error());
        auto event = eventFor("share.token_issued", request, caller, *share);
        event.fields.emplace_back("token", std::to_string(issued->first.id));
        if (auto kept = web::record(context_.hub, std::move(event)); !kept.ok())
            return apiProblem(request, kept.error());
        return Response::json(201, {{"id", issued->first.id}, {"token", std::string(issued->second.reveal())}});
    }

    Response revokeToken(const Request& request, const Caller& caller) const {
        const auto share = find(request, caller);
        if (!share.ok()) return apiProblem(request, share.error());
        const ShareActor actor = actorOf(caller, *share);
        if (!actor.consumer && !actor.owner && !actor.security) return apiProblem(request, notTheirs());
        const auto token = sync::integerOf(request.params.text("token")).value_or(0);
        const auto gone = context_.hub.stores.shareAccess->revokeToken(share->id, token, context_.hub.clock.wall());
        if (!gone.ok()) return apiProblem(request, gone.error());
        auto event = eventFor("share.token_revoked", request, caller, *share);
        event.fields.emplace_back("token", std::to_string(token));
        if (auto kept = web::record(context_.hub, std::move(event)); !kept.ok())
            return apiProblem(request, kept.error());
        return Response::noContent();
    }

private:
    static Error notTheirs() {
        return core::makeError(ErrorCode::kDenied, "与此共享无关 / this is not for your unit to do");
    }

    store::Day today() const { return identity::dayAt(context_.hub.clock.wall(), context_.hub.site.utcOffset); }

    ShareActor actorOf(const Caller& caller, const store::ShareRecord& share) const {
        const std::string owner = desk_.service.ownerOf(share);
        return {caller.person.id,
                !owner.empty() && belongsTo(caller, owner, today(), {Role::kLeader, Role::kDataSteward}),
                belongsTo(caller, share.unit, today()), caller.roles.has(Role::kSecurityAdmin)};
    }

    bool maySee(const Caller& caller, const store::ShareRecord& share) const {
        for (const Role role : {Role::kDataSteward, Role::kSystemAdmin, Role::kSecurityAdmin, Role::kAuditor}) {
            if (caller.roles.has(role)) return true;
        }
        const ShareActor actor = actorOf(caller, share);
        return actor.owner || actor.consumer || share.requester == caller.person.id;
    }

    /// What one may not see is not there.
    Result<store::ShareRecord> find(const Request& request, const Caller& caller) const {
        YIMEN_TRY(auto share, desk_.service.find(sync::integerOf(request.params.text("share")).value_or(0)));
        if (maySee(caller, share)) return share;
        return core::makeError(ErrorCode::kNotFound, "没有此共享 / there is no such share");
    }

    /// First day and last day of the term, as days of the district.
    Result<core::WallTime> dayOf(const core::JsonReader& reader, const char* key, std::chrono::days behind) const {
        YIMEN_TRY(const std::string text, reader.text(key));
        const auto day = core::parseDate(text);
        if (!day.ok()) return core::makeError(ErrorCode::kInvalidInput, std::string("$.") + key + ": 2026-11-30");
        return *day - context_.hub.site.utcOffset + behind;
    }

    Result<ShareDraft> draftOf(const Request& request) const {
        YIMEN_TRY(const Json body, core::parseJson(request.body));
        const core::JsonReader reader(body);
        YIMEN_TRY_STATUS(reader.onlyKeys({"item", "unit", "purpose", "legal_basis", "terms", "from", "to"}));
        ShareDraft draft;
        YIMEN_TRY(draft.item, reader.text("item"));
        YIMEN_TRY(draft.unit, reader.text("unit"));
        YIMEN_TRY(draft.purpose, reader.text("purpose"));
        YIMEN_TRY(draft.legalBasis, reader.text("legal_basis"));
        YIMEN_TRY(draft.from, dayOf(reader, "from", std::chrono::days(0)));
        YIMEN_TRY(draft.to, dayOf(reader, "to", std::chrono::days(1)));
        if (!reader.has("terms")) return core::makeError(ErrorCode::kInvalidInput, "$.terms: is missing");
        draft.terms = body["terms"];
        return draft;
    }

    audit::AuditEvent eventFor(const std::string& type, const Request& request, const Caller& caller,
                               const store::ShareRecord& share) const {
        auto event = web::eventOf(type, request, &caller);
        event.subject = "share:" + std::to_string(share.id);
        event.fields.emplace_back("item", share.item);
        event.fields.emplace_back("unit", share.unit);
        event.fields.emplace_back("state", share.state);
        return event;
    }

    /// What a call changes, for the audit log.
    struct Change {
        const Request& request;
        const Caller& caller;
        std::string type;
        std::string action;
    };

    /// The change and its audit line, or neither.
    template <typename Work>
    Response changed(const Change& change, Work work) const {
        std::optional<store::ShareRecord> made;
        const auto done = context_.hub.stores.transactor->transaction([&]() -> core::Status {
            YIMEN_TRY(made, work());
            auto event = eventFor(change.type, change.request, change.caller, *made);
            if (!change.action.empty()) event.fields.emplace_back("action", change.action);
            return web::record(context_.hub, std::move(event));
        });
        if (!done.ok()) return apiProblem(change.request, done.error());
        return detail(change.request, *made, change.caller);
    }

    std::string dateOf(core::WallTime time) const { return core::formatDate(time + context_.hub.site.utcOffset); }

    static Json unitJson(const Caller& caller, const std::string& code) {
        const auto* org = caller.directory->organisationByCode(code);
        return {{"code", code}, {"name", org == nullptr ? code : org->name}};
    }

    static Json personJson(const Caller& caller, store::PersonId id) {
        const auto* person = caller.directory->person(id);
        if (person == nullptr) return nullptr;
        return {{"id", std::to_string(id)}, {"name", person->name}};
    }

    Json mayDo(const ShareActor& actor, const store::ShareRecord& share) const {
        Json out = Json::array();
        const bool asked = actor.person == share.requester;
        const bool owner = actor.owner && !asked;
        namespace state = catalog::share_state;
        const auto add = [&](bool when, const char* word) {
            if (when) out.push_back(word);
        };
        add(asked && (share.state == state::kRequested || share.state == state::kReturned), "revise");
        for (const char* word : {"approve", "return", "refuse"}) add(owner && share.state == state::kRequested, word);
        add((owner || (actor.security && !asked)) && share.state == state::kActive, "suspend");
        add(owner && share.state == state::kSuspended, "resume");
        add((actor.owner || actor.consumer || asked) && share.state != state::kEnded && share.state != state::kRefused,
            "end");
        add(actor.consumer && share.state == state::kActive, "issue_token");
        return out;
    }

    Json summary(const store::ShareRecord& share, const Caller& caller) const {
        const auto* item = desk_.catalog.find(share.item);
        const auto now = context_.hub.clock.wall();
        const bool active = share.state == catalog::share_state::kActive;
        const ShareActor actor = actorOf(caller, share);
        return {{"id", share.id},
                {"item", share.item},
                {"item_name", item == nullptr ? share.item : item->name},
                {"unit", unitJson(caller, share.unit)},
                {"owner", unitJson(caller, desk_.service.ownerOf(share))},
                {"requester", personJson(caller, share.requester)},
                {"decided_by", personJson(caller, share.decidedBy)},
                {"purpose", share.purpose},
                {"legal_basis", share.legalBasis},
                {"state", share.state},
                {"in_force", active && share.from <= now && now < share.to},
                {"expired", active && now >= share.to},
                {"from", dateOf(share.from)},
                {"to", dateOf(share.to - std::chrono::days(1))},
                {"created_at", timeOrNull(share.createdAt)},
                {"changed_at", timeOrNull(share.changedAt)},
                {"version", share.version},
                {"mine", actor.person == share.requester},
                {"decides", actor.owner},
                {"may", mayDo(actor, share)}};
    }

    Response detail(const Request& request, const store::ShareRecord& share, const Caller& caller) const {
        auto& stores = context_.hub.stores;
        const auto events = stores.shares->events(share.id);
        const auto tokens = stores.shareAccess->tokens(share.id);
        const auto uses = stores.shareAccess->uses(share.id, today() - kUsageDays);
        const auto terms = core::parseJson(share.terms);
        if (!events.ok()) return apiProblem(request, events.error());
        if (!tokens.ok()) return apiProblem(request, tokens.error());
        if (!uses.ok()) return apiProblem(request, uses.error());
        Json out = summary(share, caller);
        out["terms"] = terms.ok() ? *terms : Json(nullptr);
        out["fields"] = shareFields(desk_.service.specOf(share.item).get());
        const Json* rows =
            terms.ok() && terms->contains("rows") && (*terms)["rows"].is_object() ? &(*terms)["rows"] : nullptr;
        out["rows_unit"] = rows == nullptr ? Json(nullptr) : unitJson(caller, rows->value("unit", ""));
        out["events"] = Json::array();
        for (const auto& event : *events) {
            out["events"].push_back({{"at", timeOrNull(event.at)},
                                     {"actor", personJson(caller, event.actor)},
                                     {"action", event.action},
                                     {"state", event.state},
                                     {"reason", event.reason}});
        }
        out["tokens"] = Json::array();
        for (const auto& token : *tokens) {
            out["tokens"].push_back({{"id", token.id},
                                     {"name", token.name},
                                     {"created_at", timeOrNull(token.createdAt)},
                                     {"last_used_at", timeOrNull(token.lastUsedAt)},
                                     {"revoked_at", timeOrNull(token.revokedAt)}});
        }
        out["usage"] = Json::array();
        for (const auto& use : *uses) {
            const auto day = core::WallTime(std::chrono::days(use.day));
            out["usage"].push_back({{"day", core::formatDate(day)}, {"calls", use.calls}, {"rows", use.rows}});
        }
        return Response::json(200, out);
    }

    const web::WebContext& context_;
    ShareDesk& desk_;
};

}  // namespace

core::Status mountShares(http::Router& router, const web::WebContext& context, ShareDesk& desk) {
    const auto api = std::make_shared<ShareApi>(context, desk);
    const auto route = [&](auto method) {
        return context.guard.api([api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/shares", route(&ShareApi::list), {}}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/shares", route(&ShareApi::create), {}}));
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/shares/{share}", route(&ShareApi::show), {}}));
    YIMEN_TRY_STATUS(router.add({"PUT", "/api/v1/shares/{share}", route(&ShareApi::revise), {}}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/shares/{share}/state", route(&ShareApi::act), {}}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/shares/{share}/tokens", route(&ShareApi::issueToken), {}}));
    return router.add({"DELETE", "/api/v1/shares/{share}/tokens/{token}", route(&ShareApi::revokeToken), {}});
}

}  // namespace yimen::admin
