#include <algorithm>
#include <map>

#include "admin/api.h"
#include "core/path.h"
#include "core/unicode.h"
#include "gateway/subject.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using web::apiProblem;
using web::Caller;

core::Json explanationJson(const web::WebContext& context, const Request& request, const std::string& system,
                           const policy::Explanation& why) {
    const bool chinese = context.pages.languageOf(request) == http::Language::kZh;
    const auto say = [&](const policy::Wording& words) { return chinese ? words.zh : words.en; };
    Json unmet = Json::array();
    for (const auto& one : why.unmet) {
        unmet.push_back({{"condition", say(one.condition)}, {"have", say(one.have)}, {"need", say(one.need)}});
    }
    const auto adapter = context.hub.catalog()->find(system);
    Json out{{"system", system}, {"rule", why.rule}, {"unmet", unmet}, {"who_can_grant", why.whoCanGrant}};
    out["name"] = !adapter ? system : (chinese ? adapter->manifest().name.zh : adapter->manifest().name.en);
    out["allowed"] = why.effect == policy::Effect::kAllow;
    out["change"] = why.effect == policy::Effect::kAllow ? std::string() : say(why.change.words);
    return out;
}

namespace {

struct CategoryName {
    std::string_view id;
    std::string_view zh;
    std::string_view en;
};
/// Themes of the default navigation (domain R19); a manifest names one by id, others show under their own id.
constexpr std::array<CategoryName, 13> kCategories{{{"office", "党务政务", "Office"},
                                                    {"safety", "平安建设", "Public safety"},
                                                    {"emergency", "应急管理", "Emergency"},
                                                    {"security", "公共安全", "Public security"},
                                                    {"livelihood", "民生保障", "Livelihood"},
                                                    {"civil", "民政救助", "Civil affairs"},
                                                    {"service", "便民服务", "Services"},
                                                    {"governance", "城市治理", "Governance"},
                                                    {"appeals", "诉求办理", "Appeals"},
                                                    {"education", "教育", "Education"},
                                                    {"culture", "文化旅游", "Culture"},
                                                    {"economy", "经济发展", "Economy"},
                                                    {"supervision", "监督执纪", "Supervision"}}};

std::string_view stateOf(const net::UpstreamGroup& upstream) {
    const auto origins = upstream.state();
    std::size_t ejected = 0;
    bool used = false;
    for (const auto& origin : origins) {
        ejected += origin.ejected ? 1 : 0;
        used = used || origin.requests > 0;
    }
    if (ejected == origins.size()) return "down";
    if (ejected > 0) return "slow";
    return used ? "ok" : "unknown";
}

std::vector<std::string> pinyinOf(const adapter::Manifest& manifest) {
    if (!manifest.pinyin.empty()) return manifest.pinyin;
    std::vector<std::string> out;
    std::string_view rest = manifest.name.zh;
    while (!rest.empty()) {
        const std::string one = core::firstCharacter(rest);
        const auto syllables = core::pinyinSyllables(one);
        out.push_back(syllables.empty() ? one : syllables.front());
        rest.remove_prefix(one.size());
    }
    return out;
}

class SystemsApi {
public:
    explicit SystemsApi(const web::WebContext& context) : context_(context) {}

    Response list(const Request& request, const Caller& caller) const {
        auto favourites = context_.hub.stores.preferences->favourites(caller.person.id);
        auto uses = context_.hub.stores.preferences->uses(caller.person.id);
        auto links = context_.hub.vault.status(caller.person.id);
        if (!favourites.ok()) return apiProblem(request, favourites.error());
        if (!uses.ok()) return apiProblem(request, uses.error());
        if (!links.ok()) return apiProblem(request, links.error());

        const auto subject = subjectOf(caller);
        const auto policy = context_.hub.gateway.policy();
        Json items = Json::array();
        std::map<std::string, bool> present;
        for (const auto& [host, route] : context_.hub.gateway.routes()->all()) {
            if (!policy->mayEnter(subject, route->id)) continue;
            Json item = describe(*route, *links, caller.person.id);
            item["favourite"] = std::find(favourites->begin(), favourites->end(), route->id) != favourites->end();
            addUse(item, *uses, route->id);
            present[route->manifest().category] = true;
            items.push_back(std::move(item));
        }
        return Response::json(200, {{"items", items}, {"categories", categories(present)}});
    }

    Response favour(const Request& request, const Caller& caller, bool favourite) const {
        const auto system = std::string(request.params.text("system"));
        if (favourite && !context_.hub.gateway.policy()->mayEnter(subjectOf(caller), system)) {
            return apiProblem(request, 404, "not_found", "没有这个系统", "No such system");
        }
        auto current = context_.hub.stores.preferences->favourites(caller.person.id);
        if (!current.ok()) return apiProblem(request, current.error());
        const auto found = std::find(current->begin(), current->end(), system);
        if (favourite == (found != current->end())) return Response::noContent();
        if (favourite) {
            current->push_back(system);
        } else {
            current->erase(found);
        }
        const auto stored = context_.hub.stores.preferences->setFavourites(caller.person.id, *current);
        return stored.ok() ? Response::noContent() : apiProblem(request, stored.error());
    }

    Response explain(const Request& request, const Caller& caller) const {
        const auto system = std::string(request.params.text("system"));
        const auto adapter = context_.hub.catalog()->find(system);
        if (!adapter) return apiProblem(request, 404, "not_found", "没有这个系统", "No such system");
        const auto client = core::IpAddress::parse(request.peerIp);
        const auto why = context_.hub.gateway.policy()->explain(
            subjectOf(caller), {system, "GET", adapter->manifest().paths.home},
            {context_.hub.clock.wall(), client.ok() ? *client : core::IpAddress{}});
        return Response::json(200, explanationJson(context_, request, system, why));
    }

private:
    policy::Subject subjectOf(const Caller& caller) const {
        const auto today = identity::dayAt(context_.hub.clock.wall(), context_.hub.site.utcOffset);
        return gateway::subjectOf(*caller.session, *caller.directory, today, context_.hub.clock.wall());
    }

    static std::string_view linkOf(const adapter::Manifest& manifest, const std::vector<vault::LinkStatus>& links,
                                   store::PersonId person) {
        if (manifest.login.account == adapter::AccountMode::kNone) return "not_needed";
        if (manifest.login.account != adapter::AccountMode::kOwn) return "shared";
        for (const auto& link : links) {
            if (link.person != person || link.system != manifest.id) continue;
            return link.state == store::LinkState::kBroken ? "broken" : "linked";
        }
        return "unlinked";
    }

    static Json describe(const gateway::Route& route, const std::vector<vault::LinkStatus>& links,
                         store::PersonId person) {
        const auto& manifest = route.manifest();
        Json item{{"id", manifest.id},           {"name", manifest.name.zh},      {"name_en", manifest.name.en},
                  {"owner", manifest.owner},     {"category", manifest.category}, {"level", manifest.level},
                  {"aliases", manifest.aliases}, {"pinyin", pinyinOf(manifest)}};
        item["state"] = stateOf(*route.upstream);
        item["link"] = linkOf(manifest, links, person);
        item["open_url"] = "/go/" + manifest.id;
        item["mark"] = manifest.mark.empty() ? core::firstCharacter(manifest.name.zh) : manifest.mark;
        return item;
    }

    static void addUse(Json& item, const std::vector<store::SystemUse>& uses, const std::string& system) {
        item["use_count"] = 0;
        item["last_used_at"] = nullptr;
        for (const auto& use : uses) {
            if (use.system != system) continue;
            item["use_count"] = use.count;
            item["last_used_at"] = timeOrNull(use.lastUsedAt);
        }
    }

    static Json categories(const std::map<std::string, bool>& present) {
        Json out = Json::array();
        auto left = present;
        for (const auto& category : kCategories) {
            if (left.erase(std::string(category.id)) == 0) continue;
            out.push_back({{"id", category.id}, {"name", category.zh}, {"name_en", category.en}});
        }
        for (const auto& [id, there] : left) out.push_back({{"id", id}, {"name", id}, {"name_en", id}});
        return out;
    }

    const web::WebContext& context_;
};

}  // namespace

core::Status mountSystems(http::Router& router, const web::WebContext& context) {
    const auto api = std::make_shared<SystemsApi>(context);
    const auto& guard = context.guard;
    YIMEN_TRY_STATUS(router.add({"GET",
                                 "/api/v1/systems",
                                 guard.api([api](const Request& r, const Caller& c) { return api->list(r, c); }),
                                 {}}));
    const std::string favourite = "/api/v1/me/favourites/{system}";
    YIMEN_TRY_STATUS(
        router.add({"PUT",
                    favourite,
                    guard.api([api](const Request& r, const Caller& c) { return api->favour(r, c, true); }),
                    {}}));
    YIMEN_TRY_STATUS(
        router.add({"DELETE",
                    favourite,
                    guard.api([api](const Request& r, const Caller& c) { return api->favour(r, c, false); }),
                    {}}));
    return router.add({"GET",
                       "/api/v1/me/access/{system}",
                       guard.api([api](const Request& r, const Caller& c) { return api->explain(r, c); }),
                       {}});
}

}  // namespace yimen::admin
