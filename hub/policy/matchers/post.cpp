#include <algorithm>

#include "policy/matchers/matchers.h"
#include "policy/matchers/units.h"
#include "policy/matchers/words.h"

namespace yimen::policy::matchers {
namespace {

/// One and the same post that is in a unit, carries a role, has a title, is the acting one: whatever is given.
class PostIs final : public Condition {
public:
    Units units;
    std::vector<std::string> roles;
    std::vector<Wording> roleNames;
    std::vector<std::string> titles;
    bool acting = false;

    Truth holds(const Query& query) const noexcept override {
        const auto& posts = query.subject.posts;
        for (std::size_t i = 0; i < posts.size(); ++i) {
            if (acting && i != query.subject.actingPost) continue;
            if (fits(posts[i])) return Truth::kYes;
        }
        return Truth::kNo;
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        out.push_back({acting ? Wording{"当前岗位", "acting post"} : Wording{"岗位", "post"},
                       postsWording(query.subject), needOf({need()}, wanted)});
    }
    void propose(const Query&, bool wanted, std::vector<Change>& out) const override {
        // An acting post is the person's own choice; an appointment alone does not make it so.
        if (!wanted || acting || units.empty()) return;
        Change change = appointment(units.front(), titles.empty() ? "" : titles.front(),
                                    roles.empty() ? roles : std::vector<std::string>{roles.front()});
        if (!roleNames.empty()) {
            change.words.zh += "，角色“" + roleNames.front().zh + "”";
            change.words.en += " with the role \"" + roleNames.front().en + "\"";
        }
        out.push_back(std::move(change));
    }
    std::string fingerprint() const override {
        std::vector<std::string> codes;
        for (const Unit& unit : units) codes.push_back(unit.code);
        return "post(" + fingerprintOf("org", std::move(codes)) + "; " + fingerprintOf("role", roles) + "; " +
               fingerprintOf("title", titles) + (acting ? "; acting)" : ")");
    }

private:
    bool fits(const Post& post) const noexcept {
        if (!units.empty() && !isUnder(post, units)) return false;
        if (!titles.empty() && !contains(titles, post.title)) return false;
        if (roles.empty()) return true;
        return std::any_of(roles.begin(), roles.end(),
                           [&](const std::string& role) { return contains(post.roles, role); });
    }
    Wording need() const {
        std::vector<Wording> unitNames;
        for (const Unit& unit : units) unitNames.push_back(unit.title);
        std::vector<Wording> parts;
        if (!unitNames.empty()) parts.push_back(oneOf(unitNames));
        if (!roleNames.empty()) {
            const Wording names = oneOf(roleNames);
            parts.push_back({"角色 " + names.zh, "role " + names.en});
        }
        if (!titles.empty()) {
            std::string list;
            for (const std::string& title : titles) list += (list.empty() ? "" : "/") + title;
            parts.push_back({"职务 " + list, "title " + list});
        }
        return joinWordings(parts);
    }
};

}  // namespace

ConditionPtr readPost(const config::YamlNode& node, ReadContext& context) {
    auto post = std::make_unique<PostIs>();
    config::MapReader map(node, context.errors);
    if (const auto org = map.child("org")) post->units = readUnits(*org, context);
    if (const auto role = map.child("role")) post->roles = readWords(*role, context);
    if (const auto title = map.child("title")) post->titles = readWords(*title, context);
    post->acting = map.boolean("acting", false);
    for (const std::string& role : post->roles) {
        const auto name = context.site.roles.find(role);
        if (name == context.site.roles.end()) {
            map.complain("role", "unknown role \"" + role + "\": list it under `roles`");
        } else {
            post->roleNames.push_back(name->second);
        }
    }
    if (post->units.empty() && post->roles.empty() && post->titles.empty()) {
        map.complain("", "a post needs `org`, `role` or `title`");
    }
    map.finish();
    return post;
}

}  // namespace yimen::policy::matchers
