#include <algorithm>

#include "admin/share_desk.h"

namespace yimen::admin {

namespace {

using store::OrgKind;

bool isPart(OrgKind kind) {
    return kind == OrgKind::kStreet || kind == OrgKind::kCommunity || kind == OrgKind::kGrid;
}

}  // namespace

bool DirectoryUnits::exists(const std::string& unit) const {
    return !unit.empty() && directory_.current()->organisationByCode(unit) != nullptr;
}

std::vector<std::string> DirectoryUnits::codesUnder(const std::string& unit) const {
    const auto directory = directory_.current();
    std::vector<std::string> out;
    const auto* top = directory->organisationByCode(unit);
    if (top == nullptr) return out;
    for (const identity::OrgId id : directory->subtree(top->id, today())) {
        const auto* org = directory->organisation(id);
        if (org == nullptr) continue;
        out.push_back(org->code);
        std::string_view rest = org->aliases;
        while (!rest.empty()) {
            const std::size_t end = rest.find(';');
            if (const auto alias = rest.substr(0, end); !alias.empty()) out.emplace_back(alias);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
    }
    return out;
}

std::string DirectoryUnits::unitNamed(const std::string& name) const {
    const auto directory = directory_.current();
    std::string found;
    for (const auto& org : directory->organisations()) {
        if (name.empty() || org.name != name) continue;
        if (!found.empty()) return {};
        found = org.code;
    }
    return found;
}

bool belongsTo(const web::Caller& caller, const std::string& unit, identity::Day today,
               std::initializer_list<identity::Role> roles) {
    const auto* top = caller.directory->organisationByCode(unit);
    if (top == nullptr) return false;
    for (const identity::Post* post : caller.directory->postsOf(caller.person.id, today)) {
        const bool fits = roles.size() == 0 || std::any_of(roles.begin(), roles.end(),
                                                           [&](identity::Role role) { return post->roles.has(role); });
        if (fits && caller.directory->isWithin(post->org, top->id, today)) return true;
    }
    return false;
}

std::optional<std::string> territoryOf(const identity::Directory& directory, const identity::Post& post,
                                       identity::Day today) {
    const auto path = directory.pathOf(post.org, today);
    for (auto at = path.rbegin(); at != path.rend(); ++at) {
        const auto* org = directory.organisation(*at);
        if (org != nullptr && isPart(org->kind)) return org->code;
    }
    return std::nullopt;
}

}  // namespace yimen::admin
