#include "policy/matchers/units.h"

#include <algorithm>

#include "policy/matchers/words.h"

namespace yimen::policy::matchers {

Units readUnits(const config::YamlNode& node, ReadContext& context) {
    Units units;
    std::vector<std::string_view> known;
    for (const auto& [name, unit] : context.site.units) known.push_back(name);
    for (const std::string& name : readWords(node, context)) {
        const auto unit = context.site.units.find(name);
        if (unit != context.site.units.end()) {
            units.push_back(unit->second);
            continue;
        }
        std::string message = "unknown unit \"" + name + "\": list it under `units`";
        const std::string_view near = config::nearestWord(name, known);
        if (!near.empty()) message += ", or did you mean \"" + std::string(near) + "\"?";
        context.errors.add(node.error(message));
    }
    return units;
}

bool isUnder(const Post& post, const Units& units) noexcept {
    return std::any_of(units.begin(), units.end(), [&](const Unit& unit) { return contains(post.orgPath, unit.code); });
}

Wording postsWording(const Subject& subject) {
    std::vector<Wording> posts;
    for (const Post& post : subject.posts) {
        const std::string& unit = !post.orgName.empty() || post.orgPath.empty() ? post.orgName : post.orgPath.front();
        posts.push_back(wordingOf(unit + (post.title.empty() ? "" : " " + post.title)));
    }
    return posts.empty() ? nothingWording() : joinWordings(posts);
}

Change appointment(const Unit& unit, const std::string& title, const std::vector<std::string>& roles) {
    Change change;
    change.kind = ChangeKind::kAddPost;
    change.post.orgPath = {unit.code};
    change.post.orgName = unit.title.zh;
    change.post.title = title;
    change.post.roles = roles;
    change.words = {"在“" + unit.title.zh + "”任职" + (title.empty() ? "" : "（" + title + "）"),
                    "a post in \"" + unit.title.en + "\"" + (title.empty() ? "" : " (" + title + ")")};
    return change;
}

}  // namespace yimen::policy::matchers
