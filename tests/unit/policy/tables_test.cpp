#include "policy/tables.h"

#include "support/repository.h"
#include "unit/policy/fixture.h"

namespace yimen::policy {
namespace {

constexpr const char* kRules = R"(
rules:
  - {id: clerks, title: t, effect: allow, systems: [qu-oa], when: {role: clerk}}
  - {id: unused, title: t, effect: allow, systems: [qu-grid]}
)";

TEST(Tables, PassTheTablesOfTheDemoAndTouchEveryRule) {
    const std::string folder = yimen::test::repository() + "/policies";
    const auto rules = loadRules(folder);
    ASSERT_TRUE(rules.ok()) << rules.error().describe();
    const auto report = runTables(folder, *PolicyEngine::build(*rules, demoSystems()));
    ASSERT_TRUE(report.ok()) << report.error().describe();
    for (const TableFailure& failure : report->failures) {
        ADD_FAILURE() << failure.where << " expected " << failure.expected << ", got " << failure.got << "\n"
                      << failure.why;
    }
    for (const std::string& rule : report->untestedRules) ADD_FAILURE() << "no row ends in " << rule;
    EXPECT_GT(report->rows, 70U);
}

TEST(Tables, NameTheRowThatCameOutOtherwise) {
    RuleFolder folder;
    const auto engine = folder.engine(kRules);
    folder.write("tests/a.yaml",
                 "people:\n  a: {roles: [clerk]}\ndefaults: {zone: office, time: \"2026-11-23 10:00\"}\ncases:\n"
                 "  - {who: a, system: qu-oa, expect: allow, rule: clerks}\n"
                 "  - {who: a, system: qu-oa, expect: deny}\n"
                 "  - {who: a, system: qu-oa, expect: allow, rule: other}\n");
    const auto report = runTables(folder.path(), *engine);
    ASSERT_TRUE(report.ok()) << report.error().describe();
    EXPECT_EQ(report->rows, 3U);
    ASSERT_EQ(report->failures.size(), 2U);
    EXPECT_NE(report->failures[0].where.find("a.yaml:6:"), std::string::npos);
    EXPECT_EQ(report->failures[0].got, "allow by clerks");
    EXPECT_EQ(report->untestedRules, std::vector<std::string>{"unused"});
}

TEST(Tables, RefuseMistakesInTheTable) {
    RuleFolder folder;
    const auto engine = folder.engine(kRules);
    const auto refusal = [&](const std::string& row) {
        folder.write("tests/a.yaml", "people:\n  a: {roles: [clerk]}\ncases:\n  - " + row + "\n");
        const auto report = runTables(folder.path(), *engine);
        return report.ok() ? "" : report.error().message;
    };
    const std::string rest = ", zone: office, time: \"2026-11-23 10:00\", expect: allow}";
    EXPECT_EQ(refusal("{who: a, system: qu-oa" + rest), "");
    EXPECT_NE(refusal("{who: b, system: qu-oa" + rest).find("not among `people`"), std::string::npos);
    EXPECT_NE(refusal("{who: a, sytem: qu-oa" + rest).find("a.yaml:4:"), std::string::npos);
    EXPECT_NE(refusal("{who: a, system: qu-oa, zone: nowhere, time: \"2026-11-23 10:00\", expect: allow}").find("zone"),
              std::string::npos);
    EXPECT_NE(
        refusal("{who: a, system: qu-oa, zone: office, time: \"yesterday\", expect: allow}").find("2026-11-23 10:00"),
        std::string::npos);
}

}  // namespace
}  // namespace yimen::policy
