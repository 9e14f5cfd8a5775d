#include <array>

#include "core/log.h"
#include "core/path.h"
#include "gateway/app_replies.h"
#include "gateway/reserved_paths.h"
#include "gateway/subject.h"
#include "web/routes.h"

namespace yimen::web {

using http::Request;
using http::Response;

namespace {

constexpr std::size_t kMaxTarget = 2000;

/// Chinese, then English.
struct Words {
    const char* title;
    const char* detail;
};
constexpr std::array<Words, 2> kSecondSession{
    {{"您的账号在别处登录了该系统", "该系统同一账号只允许一处使用。如果是您本人，可以重新进入。"},
     {"Your account signed in to this system elsewhere",
      "The system allows one place at a time. If that was you, enter again."}}};
constexpr std::array<Words, 2> kNotRepeated{
    {{"会话已更新，请重新提交", "系统会话刚刚重新建立，为避免重复提交，刚才的操作没有再次发送。"},
     {"Please submit again", "The system session was renewed; your last action was not sent twice."}}};

int statusOf(std::string_view kind) noexcept {
    if (kind == "maintenance" || kind == "busy") return 503;
    if (kind == "slow") return 504;
    return kind == "second_session" || kind == "not_repeated" ? 409 : 502;
}

class GoPage {
public:
    explicit GoPage(const WebContext& context) : context_(context) {}

    Response go(const Request& request, const Caller& caller) const {
        const auto id = std::string(request.params.text("id"));
        const auto adapter = context_.hub.catalog()->find(id);
        const auto route = routeOf(id);
        if (!adapter || !route) return context_.pages.error(request, 404, "not_found");
        const auto& manifest = adapter->manifest();
        const auto to = wanted(request, manifest);
        if (!context_.hub.gateway.policy()->mayEnter(subject(caller), id)) {
            return denied(request, caller, id, to);
        }
        if (needsLink(caller, manifest)) return Response::redirect("/me/links?system=" + id);

        const auto code = context_.hub.entryCodes.issue(*caller.session, id);
        if (!code.ok()) return context_.pages.error(request, 503, "busy");
        context_.hub.systems.forgive(caller.person.id, id);
        if (auto noted = context_.hub.stores.preferences->noteUse(caller.person.id, id, context_.hub.clock.wall());
            !noted.ok()) {
            core::logWarn("go.use_not_noted", {{"error", noted.error().describe()}});
        }
        auto event = eventOf("system.enter", request, &caller);
        event.system = id;
        event.fields.emplace_back("session", caller.session->id().hex());
        if (!record(context_.hub, std::move(event)).ok()) return context_.pages.error(request, 503, "busy");
        return Response::redirect(route->publicOrigin + std::string(gateway::kEnterPath) + "?code=" + *code +
                                  "&to=" + core::percentEncode(to));
    }

    /// Why an app host sent the person back. The address can be typed by anybody, so it states nothing by itself: a
    /// denial is asked of the engine again.
    Response trouble(const Request& request, const Caller& caller) const {
        const auto id = std::string(request.query.text("system"));
        const auto adapter = context_.hub.catalog()->find(id);
        if (!adapter) return context_.pages.error(request, 404, "not_found");
        const auto kind = request.query.text("kind");
        const auto to = std::string(request.query.text("to"));
        if (kind == "denied" || kind == "read_only" || kind == "step_up") return denied(request, caller, id, to);
        core::Json data;
        const auto& name = adapter->manifest().name;
        data["system_name"] = context_.pages.languageOf(request) == http::Language::kZh ? name.zh : name.en;
        data["retry_url"] = "/go/" + id + (to.empty() ? "" : "?to=" + core::percentEncode(to));
        data["trace_id"] = request.requestId;
        return explain(request, kind, std::move(data));
    }

private:
    std::shared_ptr<const gateway::Route> routeOf(std::string_view id) const {
        const auto routes = context_.hub.gateway.routes();
        for (const auto& [host, route] : routes->all()) {
            if (route->id == id) return route;
        }
        return nullptr;
    }

    policy::Subject subject(const Caller& caller) const {
        const auto now = context_.hub.clock.wall();
        return gateway::subjectOf(*caller.session, *caller.directory, identity::dayAt(now, context_.hub.site.utcOffset),
                                  now);
    }

    static std::string wanted(const Request& request, const adapter::Manifest& manifest) {
        const auto to = request.query.text("to");
        if (to.empty() || to.front() != '/' || to.size() > kMaxTarget) return manifest.paths.home;
        return std::string(to);
    }

    bool needsLink(const Caller& caller, const adapter::Manifest& manifest) const {
        if (manifest.login.account != adapter::AccountMode::kOwn) return false;
        const auto links = context_.hub.vault.status(caller.person.id);
        // When the vault cannot answer, the sign-on itself will say so; nobody is sent to a form for nothing.
        if (!links.ok()) return false;
        for (const auto& link : *links) {
            if (link.person == caller.person.id && link.system == manifest.id) {
                return link.state == store::LinkState::kBroken;
            }
        }
        return true;
    }

    Response denied(const Request& request, const Caller& caller, const std::string& id, const std::string& to) const {
        const bool chinese = context_.pages.languageOf(request) == http::Language::kZh;
        const auto say = [&](const policy::Wording& words) { return chinese ? words.zh : words.en; };
        const auto parts = core::splitTarget(to);
        std::string buffer;
        const auto path = core::canonicalPath(parts.path, buffer);
        const auto method = methodOf(request);
        const auto client = core::IpAddress::parse(request.peerIp);
        const auto why = context_.hub.gateway.policy()->explain(
            subject(caller), {id, method, path.ok() ? *path : std::string_view("/")},
            {context_.hub.clock.wall(), client.ok() ? *client : core::IpAddress{}});
        core::Json unmet = core::Json::array();
        for (const auto& one : why.unmet) {
            core::Json row{{"condition", say(one.condition)}, {"need", say(one.need)}};
            if (!say(one.have).empty()) row["have"] = say(one.have);
            unmet.push_back(std::move(row));
        }
        // The rule lets the person in to look; what stands between is what the request does.
        if (unmet.empty() && why.effect == policy::Effect::kAllow && method != "GET" && method != "HEAD") {
            unmet.push_back(
                {{"condition", chinese ? "操作" : "action"},
                 {"need", chinese ? "只读：只能查看（GET、HEAD）" : "read only: looking (GET, HEAD)"},
                 {"have", (chinese ? "修改或提交（" : "a change (") + std::string(method) + (chinese ? "）" : ")")}});
        }
        core::Json data{{"has_unmet", !unmet.empty()}, {"rule", why.rule}, {"trace_id", request.requestId}};
        data["unmet"] = std::move(unmet);
        if (!say(why.change.words).empty()) data["change"] = say(why.change.words);
        if (!why.whoCanGrant.empty()) data["who_can_grant"] = why.whoCanGrant;
        if (const auto adapter = context_.hub.catalog()->find(id)) {
            data["system_name"] = chinese ? adapter->manifest().name.zh : adapter->manifest().name.en;
        }
        const bool provable =
            why.change.kind == policy::ChangeKind::kAssurance && why.change.assurance <= gateway::kReachableLevel;
        if (provable) {
            // "ask": a condition of an allowing rule is no step-up rule, so the page could not see that a proof helps.
            data["step_up_url"] =
                "/step-up?ask=1&to=" + core::percentEncode("/go/" + id + "?to=" + core::percentEncode(to));
        }
        if (const auto* post = caller.directory->post(caller.session->actingPost())) data["acting_post"] = post->title;
        return context_.pages.render(request, "denied", 403, std::move(data));
    }

    /// What was asked of the system; anything that is no method of HTTP counts as GET.
    static std::string_view methodOf(const Request& request) {
        const auto method = request.query.text("method");
        return method.size() <= 32 && http::isToken(method) ? method : std::string_view("GET");
    }

    Response explain(const Request& request, std::string_view kind, core::Json data) const {
        const int status = statusOf(kind);
        if (status == 409) {
            const bool english = context_.pages.languageOf(request) == http::Language::kEn;
            const Words words = kind == "second_session" ? kSecondSession[english] : kNotRepeated[english];
            data["title"] = words.title;
            data["detail"] = words.detail;
        } else {
            data[status == 502 ? std::string("down") : std::string(kind)] = true;
        }
        data["status"] = std::to_string(status);
        return context_.pages.render(request, "error", status, std::move(data));
    }

    const WebContext& context_;
};

}  // namespace

core::Status mountGo(http::Router& router, const WebContext& context) {
    const auto page = std::make_shared<GoPage>(context);
    YIMEN_TRY_STATUS(
        router.add({"GET",
                    "/go/{id}",
                    context.guard.page([page](const Request& r, const Caller& caller) { return page->go(r, caller); }),
                    {}}));
    return router.add(
        {"GET",
         "/trouble",
         context.guard.page([page](const Request& r, const Caller& caller) { return page->trouble(r, caller); }),
         {}});
}

}  // namespace yimen::web
