#include "policy/rule.h"

#include "unit/policy/fixture.h"

namespace yimen::policy {
namespace {

class RuleReaderTest : public testing::Test {
protected:
    /// Expects the refusal to name this place in 50.yaml and say this.
    void refuses(const std::string& rules, const std::string& place, const std::string& what) {
        const std::string message = folder_.refusal(rules);
        EXPECT_NE(message.find("50.yaml:" + place), std::string::npos) << message;
        EXPECT_NE(message.find(what), std::string::npos) << message;
    }
    RuleFolder folder_;
};

TEST_F(RuleReaderTest, NamesThePlaceOfAnUnknownKey) {
    refuses("rules:\n  - {id: a, title: t, effect: allow, systems: all, wehn: {role: clerk}}\n", "2:", "when");
    refuses("rulez: []\n", "1:1", "rules");
    refuses("rules:\n  - id: a\n    title: t\n    effect: allow\n    systems: all\n    when:\n      rolle: clerk\n",
            "7:7", "did you mean \"role\"");
}

TEST_F(RuleReaderTest, RefusesIncompleteRules) {
    refuses("rules:\n  - {title: t, effect: allow, systems: all}\n", "2:", "id");
    refuses("rules:\n  - {id: a, title: t, systems: all}\n", "2:", "effect");
    refuses("rules:\n  - {id: a, title: t, effect: allow}\n", "2:", "systems");
    refuses("rules:\n  - {id: a, title: t, effect: step_up, systems: all}\n", "2:", "level");
    refuses("rules:\n  - {id: a, title: t, effect: step_up, level: 2, max_age: 5s, systems: all}\n", "2:", "max_age");
    refuses("rules:\n  - {id: a, title: t, effect: allow, max_age: 5m, systems: all}\n", "2:", "max_age");
    refuses("rules:\n  - {id: a, title: t, effect: deny, systems: all, obligations: {readonly: true}}\n",
            "2:", "no obligations");
    refuses("rules:\n  - {id: a, title: t, effect: permit, systems: all}\n", "2:", "allow");
    refuses(
        "rules:\n  - {id: a, title: t, effect: allow, systems: all}\n  - {id: a, title: t, effect: deny, systems: "
        "all}\n",
        "3:", "second rule");
    refuses("rules:\n  - {id: default-deny, title: t, effect: allow, systems: all}\n", "2:", "second rule");
    refuses("exceptions:\n  - {id: e, person: p, system: s, until: \"2026-02-30\", reason: r}\n",
            "2:", "must be a day");
}

TEST_F(RuleReaderTest, ListsEveryErrorAtOnce) {
    const std::string message = folder_.refusal(R"(
rules:
  - {id: a, title: t, effect: allow, systems: all, when: {role: one}}
  - {id: b, title: t, effect: allow, systems: all, when: {role: two}}
)");
    EXPECT_NE(message.find("\"one\""), std::string::npos);
    EXPECT_NE(message.find("\"two\""), std::string::npos);
}

TEST_F(RuleReaderTest, ReadsFilesInOrderOfTheirNames) {
    folder_.write("60.yaml", "rules:\n  - {id: later, title: t, effect: allow, systems: all}\n");
    const auto engine = folder_.engine("rules:\n  - {id: sooner, title: t, effect: allow, systems: all}\n");
    EXPECT_EQ(Question().decide(*engine).rule, "sooner");
}

TEST_F(RuleReaderTest, SaysWhenThereIsNoFolder) {
    EXPECT_FALSE(loadRules(folder_.path() + "/none").ok());
}

}  // namespace
}  // namespace yimen::policy
