#include "core/log.h"
#include "http/cookies.h"
#include "web/routes.h"

namespace yimen::web {

using http::Request;
using http::Response;

namespace {

/// How long the page waits for the systems to confirm. What is still open then goes on in the background.
constexpr std::chrono::seconds kSignOffWait{8};

class LogoutPage {
public:
    explicit LogoutPage(const WebContext& context) : context_(context) {}

    Response ask(const Request& request, const Caller& caller) const {
        core::Json data{{"confirm", true}, {"csrf", context_.hub.csrf.tokenFor(caller.session->id().hex())}};
        return context_.pages.render(request, "logout", 200, std::move(data));
    }

    Response end(const Request& request) const {
        const auto caller = context_.guard.callerOf(request);
        if (!caller.ok()) return done(request, {});
        const auto posted = request.form();
        const auto expected = context_.hub.csrf.tokenFor(caller->session->id().hex());
        const bool ours = posted.ok() && context_.hub.csrf.checkOrigin(request).ok() &&
                          core::equalConstantTime(core::asBytes(posted->text("csrf")), core::asBytes(expected));
        if (!ours) return ask(request, *caller);

        using Reason = identity::SessionTable::EndReason;
        if (auto ended = context_.hub.sessions.end(caller->session->id(), Reason::kSignedOut); !ended.ok()) {
            core::logError("logout.not_durable", {{"error", ended.error().describe()}});
        }
        const auto left = context_.hub.systems.leaveAll(*caller->session)->wait(kSignOffWait);
        auto event = eventOf("logout", request, &*caller);
        event.fields.emplace_back("session", caller->session->id().hex());
        for (const auto& system : left) event.fields.emplace_back("system." + system.system, wordFor(system));
        if (!record(context_.hub, std::move(event)).ok()) core::logError("logout.not_recorded");
        return done(request, left);
    }

private:
    using SignedOff = gateway::SystemSessions::SignedOff;

    static const char* wordFor(const SignedOff& system) {
        if (system.kept) return "kept";
        if (!system.finished || !system.outcome.ok()) return "unconfirmed";
        // Stateless kinds have nothing to end over there; their trace is empty.
        return system.outcome.trace.empty() ? "not_needed" : "ended";
    }

    Response done(const Request& request, const std::vector<SignedOff>& left) const {
        core::Json systems = core::Json::array();
        bool all = true;
        bool kept = false;
        const auto catalog = context_.hub.catalog();
        for (const auto& system : left) {
            const std::string word = wordFor(system);
            all = all && word != "unconfirmed";
            kept = kept || system.kept;
            const auto known = catalog->find(system.system);
            const bool chinese = context_.pages.languageOf(request) == http::Language::kZh;
            const std::string name =
                !known ? system.system : (chinese ? known->manifest().name.zh : known->manifest().name.en);
            systems.push_back({{"name", name}, {word, true}});
        }
        core::Json data{{"confirm", false},
                        {"all_ended", all && !kept},
                        {"some_kept", all && kept},
                        {"unsure", !all},
                        {"has_systems", !left.empty()}};
        data["systems"] = std::move(systems);
        data["trace_id"] = request.requestId;
        Response response = context_.pages.render(request, "logout", 200, std::move(data));
        response.headers.add("Set-Cookie", http::expiredCookie(kHubCookie));
        response.headers.set("Clear-Site-Data", "\"cache\"");
        return response;
    }

    const WebContext& context_;
};

}  // namespace

core::Status mountLogout(http::Router& router, const WebContext& context) {
    const auto page = std::make_shared<LogoutPage>(context);
    YIMEN_TRY_STATUS(
        router.add({"GET",
                    "/logout",
                    context.guard.page([page](const Request& r, const Caller& caller) { return page->ask(r, caller); }),
                    {}}));
    return router.add({"POST", "/logout", [page](const Request& r) { return page->end(r); }, {}});
}

}  // namespace yimen::web
