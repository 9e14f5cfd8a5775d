#include "policy/rule.h"

#include <algorithm>
#include <utility>

namespace yimen::policy {
namespace {

bool lists(const std::vector<std::string>& words, std::string_view word) noexcept {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool Subject::hasRole(std::string_view role) const noexcept {
    if (lists(roles, role)) return true;
    return std::any_of(posts.begin(), posts.end(), [&](const Post& post) { return lists(post.roles, role); });
}

std::string_view effectName(Effect effect) noexcept {
    switch (effect) {
        case Effect::kAllow:
            return "allow";
        case Effect::kStepUp:
            return "step_up";
        case Effect::kDeny:
            break;
    }
    return "deny";
}

Wording wordingOf(std::string text) {
    return Wording{text, std::move(text)};
}

Wording joinWordings(const std::vector<Wording>& parts) {
    Wording joined;
    for (const Wording& part : parts) {
        joined.zh += (joined.zh.empty() ? "" : "、") + part.zh;
        joined.en += (joined.en.empty() ? "" : ", ") + part.en;
    }
    return joined;
}

bool SystemSelector::covers(const SystemInfo& system) const noexcept {
    if (!ids.empty() && !lists(ids, system.id)) return false;
    if (!categories.empty() && !lists(categories, system.category)) return false;
    if (!levels.empty() && !lists(levels, system.level)) return false;
    // A rule for "all systems" means those behind the hub; the hub itself must be named.
    return system.id != kHubSystem || lists(ids, kHubSystem);
}

bool Exception::covers(const Query& query) const noexcept {
    if (query.subject.username != person || query.system.id != system) return false;
    return query.environment == nullptr || query.environment->time < until;
}

std::string_view NetworkZones::zoneOf(const core::IpAddress& client) const noexcept {
    for (const Zone& zone : zones) {
        for (const core::Cidr& range : zone.ranges) {
            if (range.contains(client)) return zone.name;
        }
    }
    return {};
}

const NetworkZones::Zone* NetworkZones::find(std::string_view name) const noexcept {
    for (const Zone& zone : zones) {
        if (zone.name == name) return &zone;
    }
    return nullptr;
}

}  // namespace yimen::policy
