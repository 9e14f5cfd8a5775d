#include "policy/lint.h"

#include "support/repository.h"
#include "unit/policy/fixture.h"

namespace yimen::policy {
namespace {

class LintTest : public testing::Test {
protected:
    /// "rule: message" of every finding, errors with a '!' before.
    std::string findings(const std::string& rules) {
        folder_.write("90.yaml", RuleFolder::kHub);
        const auto engine = folder_.engine(rules);
        if (!engine) return "not loaded";
        std::string text;
        for (const Finding& finding : lint(*engine)) {
            text += (finding.severity == Severity::kError ? "!" : "") + finding.rule + ": " + finding.message + "\n";
        }
        return text;
    }
    RuleFolder folder_;
};

TEST_F(LintTest, FindsNothingInASoundSet) {
    EXPECT_EQ(findings("rules:\n  - {id: a, title: t, effect: allow, systems: [qu-oa], when: {role: clerk}}\n"), "");
}

TEST_F(LintTest, FindsRulesThatAnEarlierOneAnswers) {
    const std::string text = findings(R"(
rules:
  - {id: wide, title: t, effect: allow, systems: all, when: {role: [clerk, leader]}}
  - {id: narrow, title: t, effect: allow, systems: [qu-oa], when: {role: clerk, network: office}}
  - {id: other, title: t, effect: allow, systems: [qu-oa], when: {role: admin}}
)");
    EXPECT_NE(text.find("narrow: shadowed: \"wide\""), std::string::npos) << text;
    EXPECT_EQ(text.find("other: shadowed"), std::string::npos) << text;
}

TEST_F(LintTest, KnowsThatDenyWinsFromBehind) {
    const std::string text = findings(R"(
rules:
  - {id: yes, title: t, effect: allow, systems: [qu-oa], when: {role: clerk}}
  - {id: no, title: t, effect: deny, systems: [qu-oa]}
)");
    EXPECT_NE(text.find("yes: shadowed: \"no\""), std::string::npos) << text;
    EXPECT_EQ(text.find("no: shadowed"), std::string::npos) << text;
}

TEST_F(LintTest, FindsRulesThatNeverMatch) {
    EXPECT_NE(findings("rules:\n  - {id: a, title: t, effect: allow, systems: [dl-gone]}\n").find("a: never matches"),
              std::string::npos);
    EXPECT_NE(findings("rules:\n  - id: a\n    title: t\n    effect: allow\n    systems: all\n    when:\n"
                       "      - network: office\n      - network: mobile\n")
                  .find("!a: never matches"),
              std::string::npos);
    EXPECT_NE(findings("rules:\n  - id: a\n    title: t\n    effect: allow\n    systems: all\n    when:\n"
                       "      - role: clerk\n      - not: {role: clerk}\n")
                  .find("!a: never matches"),
              std::string::npos);
}

TEST_F(LintTest, RefusesToLockEveryAdministratorOut) {
    const std::string text = findings("rules:\n  - {id: shut, title: t, effect: deny, systems: [yimen]}\n");
    EXPECT_NE(text.find("!shut: locks every administrator out"), std::string::npos) << text;
    const std::string inside =
        findings("rules:\n  - {id: some, title: t, effect: deny, systems: [yimen], when: {not: {network: mobile}}}\n");
    EXPECT_EQ(inside.find("locks every"), std::string::npos) << inside;
    const std::string role =
        findings("rules:\n  - {id: role, title: t, effect: deny, systems: [yimen], when: {role: admin}}\n");
    EXPECT_NE(role.find("!role: locks"), std::string::npos) << role;
}

TEST_F(LintTest, PassesTheRulesOfTheDemo) {
    const auto rules = loadRules(yimen::test::repository() + "/policies");
    ASSERT_TRUE(rules.ok()) << rules.error().describe();
    for (const Finding& finding : lint(*PolicyEngine::build(*rules, demoSystems()))) {
        ADD_FAILURE() << finding.where << " " << finding.rule << ": " << finding.message;
    }
}

}  // namespace
}  // namespace yimen::policy
