#include "policy/matchers/matchers.h"
#include "policy/matchers/words.h"

namespace yimen::policy::matchers {
namespace {

/// A role the person holds, in person or through any post.
class Role final : public Condition {
public:
    Role(std::vector<std::string> words, const RuleSet& site) : words_(std::move(words)), all_(site.roles) {}

    Truth holds(const Query& query) const noexcept override {
        for (const std::string& word : words_) {
            if (query.subject.hasRole(word)) return Truth::kYes;
        }
        return Truth::kNo;
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        std::vector<Wording> held;
        for (const auto& [word, name] : all_) {
            if (query.subject.hasRole(word)) held.push_back(name);
        }
        std::vector<Wording> needed;
        for (const std::string& word : words_) needed.push_back(nameOf(word));
        out.push_back({{"角色", "role"}, held.empty() ? nothingWording() : joinWordings(held), needOf(needed, wanted)});
    }
    void propose(const Query& query, bool wanted, std::vector<Change>& out) const override {
        for (const std::string& word : words_) {
            if (query.subject.hasRole(word) == wanted) continue;
            Change change;
            change.kind = wanted ? ChangeKind::kAddRole : ChangeKind::kDropRole;
            change.role = word;
            const Wording name = nameOf(word);
            change.words = wanted ? Wording{"授予角色“" + name.zh + "”", "grant the role \"" + name.en + "\""}
                                  : Wording{"撤去角色“" + name.zh + "”", "withdraw the role \"" + name.en + "\""};
            out.push_back(std::move(change));
        }
    }
    std::string fingerprint() const override { return fingerprintOf("role", words_); }

private:
    Wording nameOf(const std::string& word) const {
        const auto name = all_.find(word);
        return name == all_.end() ? wordingOf(word) : name->second;
    }

    std::vector<std::string> words_;
    std::map<std::string, Wording, std::less<>> all_;
};

}  // namespace

ConditionPtr readRole(const config::YamlNode& node, ReadContext& context) {
    auto words = readWords(node, context);
    for (const std::string& word : words) {
        if (!context.site.roles.contains(word)) {
            context.errors.add(node.error("unknown role \"" + word + "\": list it under `roles`"));
        }
    }
    return words.empty() ? nullptr : std::make_unique<Role>(std::move(words), context.site);
}

}  // namespace yimen::policy::matchers
