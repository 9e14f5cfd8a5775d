#include "policy/matchers/matchers.h"
#include "policy/matchers/words.h"

namespace yimen::policy::matchers {
namespace {

/// Who is asking, by name. Explanations do not tell one person which others are named.
class Person final : public Condition {
public:
    explicit Person(std::vector<std::string> names) : names_(std::move(names)) {}

    Truth holds(const Query& query) const noexcept override {
        return truthOf(contains(names_, query.subject.username));
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        out.push_back({{"人员", "person"},
                       wordingOf(query.subject.username),
                       wanted ? Wording{"规则点名的人员", "a person the rule names"}
                              : Wording{"不在规则的名单中", "not on the rule's list"}});
    }
    void propose(const Query&, bool, std::vector<Change>&) const override {}
    std::string fingerprint() const override { return fingerprintOf("person", names_); }

private:
    std::vector<std::string> names_;
};

}  // namespace

ConditionPtr readPerson(const config::YamlNode& node, ReadContext& context) {
    auto names = readWords(node, context);
    return names.empty() ? nullptr : std::make_unique<Person>(std::move(names));
}

}  // namespace yimen::policy::matchers
