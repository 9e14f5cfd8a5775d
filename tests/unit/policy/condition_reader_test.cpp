#include "policy/condition_reader.h"

#include "unit/policy/fixture.h"

namespace yimen::policy {
namespace {

class ConditionReaderTest : public testing::Test {
protected:
    /// Expects the refusal to name this place in 50.yaml and say this.
    void refuses(const std::string& rules, const std::string& place, const std::string& what) {
        const std::string message = folder_.refusal(rules);
        EXPECT_NE(message.find("50.yaml:" + place), std::string::npos) << message;
        EXPECT_NE(message.find(what), std::string::npos) << message;
    }
    RuleFolder folder_;
};

TEST_F(ConditionReaderTest, RefusesWordsNobodyDefined) {
    const auto rule = [](const std::string& when) {
        return "rules:\n  - {id: a, title: t, effect: allow, systems: all, when: " + when + "}\n";
    };
    refuses(rule("{role: clerc}"), "2:", "unknown role \"clerc\"");
    refuses(rule("{org: housin}"), "2:", "did you mean \"housing\"");
    refuses(rule("{post: {org: nowhere}}"), "2:", "unknown unit");
    refuses(rule("{network: offise}"), "2:", "unknown network");
    refuses(rule("{time: {days: [monday]}}"), "2:", "is no day");
    refuses(rule("{time: {from: \"8:30\"}}"), "2:", "08:30");
    refuses(rule("{time: {from: \"08:00\", to: \"08:00\"}}"), "2:", "empty");
    refuses(rule("{assurance: 4}"), "2:", "1, 2 or 3");
    refuses(rule("{method: get}"), "2:", "capitals");
    refuses(rule("{path: admin}"), "2:", "plain path");
    refuses(rule("{path: /a/../b}"), "2:", "plain path");
    refuses(rule("{path: \"/a%2Fb\"}"), "2:", "plain path");
    refuses(rule("{lua: \"return (\"}"), "2:", "");
    refuses(rule("{any: []}"), "2:", "list of conditions");
    refuses(rule("{post: {acting: true}}"), "2:", "needs");
    refuses(rule("[]"), "2:", "list of conditions");
}

}  // namespace
}  // namespace yimen::policy
