#include <algorithm>

#include "admin/api.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using identity::SessionHandle;
using web::apiProblem;
using web::Caller;
using EndReason = identity::SessionTable::EndReason;

namespace {

constexpr std::size_t kDefaultLimit = 50;

void newestFirst(std::vector<SessionHandle>& sessions) {
    std::sort(sessions.begin(), sessions.end(), [](const SessionHandle& a, const SessionHandle& b) {
        return a->lastSeenAt() != b->lastSeenAt() ? a->lastSeenAt() > b->lastSeenAt() : a->id() < b->id();
    });
}

class SessionsApi {
public:
    explicit SessionsApi(const web::WebContext& context) : context_(context) {}

    Response mine(const Request&, const Caller& caller) const {
        auto sessions = context_.hub.sessions.ofPerson(caller.person.id);
        newestFirst(sessions);
        Json items = Json::array();
        for (const auto& session : sessions) items.push_back(describe(*session, caller));
        return Response::json(200, {{"items", items}});
    }

    Response endMine(const Request& request, const Caller& caller) const {
        const auto session = find(request);
        if (!session || session->person() != caller.person.id) return unknown(request);
        return end(request, caller, *session);
    }

    Response endOthers(const Request& request, const Caller& caller) const {
        const auto ended =
            context_.hub.sessions.endAll(caller.person.id, caller.session->id(), EndReason::kEndedByOther);
        if (!ended.ok()) return apiProblem(request, ended.error());
        auto event = web::eventOf("session.ended_others", request, &caller);
        event.fields.emplace_back("count", std::to_string(*ended));
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        return Response::json(200, {{"ended", *ended}});
    }

    /// A page of everybody's sessions. The cursor is the number of rows before it: the list is of this moment anyway.
    Response all(const Request& request, const Caller& caller) const {
        auto sessions = context_.hub.sessions.all();
        const auto wanted = request.query.text("q");
        std::erase_if(sessions, [&](const SessionHandle& session) {
            const auto* person = caller.directory->person(session->person());
            return person == nullptr || (!wanted.empty() && person->usernameKey.find(wanted) == std::string::npos &&
                                         person->name.find(wanted) == std::string::npos);
        });
        newestFirst(sessions);
        const std::size_t from = std::min(number(request.query.text("cursor"), 0), sessions.size());
        const std::size_t limit = std::clamp<std::size_t>(number(request.query.text("limit"), kDefaultLimit), 1, 100);
        const std::size_t to = std::min(from + limit, sessions.size());
        Json items = Json::array();
        for (std::size_t i = from; i < to; ++i) {
            Json item = describe(*sessions[i], caller);
            const auto* person = caller.directory->person(sessions[i]->person());
            item["username"] = person->username;
            item["name"] = person->name;
            items.push_back(std::move(item));
        }
        Json next = to < sessions.size() ? Json(std::to_string(to)) : Json(nullptr);
        return Response::json(200,
                              {{"items", items}, {"next", next}, {"count", sessions.size()}, {"count_capped", false}});
    }

    Response endAny(const Request& request, const Caller& caller) const {
        const auto session = find(request);
        return session ? end(request, caller, *session) : unknown(request);
    }

private:
    static std::size_t number(std::string_view digits, std::size_t otherwise) {
        std::size_t value = 0;
        if (digits.empty() || digits.size() > 9) return otherwise;
        for (const char c : digits) {
            if (c < '0' || c > '9') return otherwise;
            value = value * 10 + static_cast<std::size_t>(c - '0');
        }
        return value;
    }

    SessionHandle find(const Request& request) const {
        const auto id = store::SessionId::fromHex(request.params.text("id"));
        return id ? context_.hub.sessions.find(*id) : nullptr;
    }

    static Response unknown(const Request& request) {
        return apiProblem(request, 404, "not_found", "没有这个会话", "No such session");
    }

    Response end(const Request& request, const Caller& caller, const identity::Session& session) const {
        if (auto ended = context_.hub.sessions.end(session.id(), EndReason::kEndedByOther); !ended.ok()) {
            return apiProblem(request, ended.error());
        }
        auto event = web::eventOf("session.ended", request, &caller);
        const auto* person = caller.directory->person(session.person());
        event.subject = person == nullptr ? std::string() : person->usernameKey;
        event.fields.emplace_back("session", session.id().hex());
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        return Response::noContent();
    }

    Json describe(const identity::Session& session, const Caller& caller) const {
        Json item{{"id", session.id().hex()}, {"ip", session.ip()}, {"user_agent", session.userAgent()}};
        item["current"] = session.id() == caller.session->id();
        item["created_at"] = timeOrNull(session.createdAt());
        item["last_seen_at"] = timeOrNull(session.lastSeenAt());
        const auto address = core::IpAddress::parse(session.ip());
        item["place"] = address.ok() ? placeOf(*address) : std::string();
        return item;
    }

    /// What people call the network zone of the address.
    std::string placeOf(const core::IpAddress& address) const {
        const auto policy = context_.hub.gateway.policy();
        const auto* zone = policy->rules().zones.find(policy->zoneOf(address));
        return zone == nullptr ? std::string() : zone->title.zh;
    }

    const web::WebContext& context_;
};

}  // namespace

core::Status mountSessions(http::Router& router, const web::WebContext& context) {
    const auto api = std::make_shared<SessionsApi>(context);
    const auto& guard = context.guard;
    const auto own = [&](auto method) {
        return guard.api([api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    const auto forAdmins = [&](auto method) {
        return guard.admin({identity::Role::kSystemAdmin, identity::Role::kSecurityAdmin},
                           [api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/me/sessions", own(&SessionsApi::mine), {}}));
    YIMEN_TRY_STATUS(router.add({"DELETE", "/api/v1/me/sessions", own(&SessionsApi::endOthers), {}}));
    YIMEN_TRY_STATUS(router.add({"DELETE", "/api/v1/me/sessions/{id}", own(&SessionsApi::endMine), {}}));
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/admin/sessions", forAdmins(&SessionsApi::all), {}}));
    return router.add({"DELETE", "/api/v1/admin/sessions/{id}", forAdmins(&SessionsApi::endAny), {}});
}

}  // namespace yimen::admin
