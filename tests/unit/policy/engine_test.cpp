#include "policy/engine.h"

#include "unit/policy/fixture.h"

namespace yimen::policy {
namespace {

class EngineTest : public testing::Test {
protected:
    RuleFolder folder_;
};

TEST_F(EngineTest, DeniesByDefault) {
    const auto engine = folder_.engine("rules: []");
    const Decision decision = Question().decide(*engine);
    EXPECT_EQ(decision.effect, Effect::kDeny);
    EXPECT_EQ(decision.rule, Decision::kDefaultDeny);
}

TEST_F(EngineTest, LetsADenyRuleWinWhereverItStands) {
    const auto engine = folder_.engine(R"(
rules:
  - {id: first, title: t, effect: allow, systems: [qu-oa]}
  - {id: no, title: t, effect: deny, systems: [qu-oa], when: {role: leader}}
)");
    EXPECT_EQ(Question().decide(*engine).rule, "first");
    EXPECT_EQ(Question().role("leader").decide(*engine).rule, "no");
}

TEST_F(EngineTest, LetsTheFirstGrantDecideWithItsObligations) {
    const auto engine = folder_.engine(R"(
rules:
  - {id: readers, title: t, effect: allow, systems: [qu-oa], when: {role: clerk}, obligations: {readonly: true}}
  - {id: all, title: t, effect: allow, systems: [qu-oa]}
)");
    const Decision clerk = Question().role("clerk").decide(*engine);
    EXPECT_EQ(clerk.rule, "readers");
    EXPECT_EQ(clerk.obligations, (Obligations{true}));
    EXPECT_EQ(Question().decide(*engine).obligations, (Obligations{false}));
}

TEST_F(EngineTest, AsksForMoreAssuranceAndIsContentWithIt) {
    const auto engine = folder_.engine(R"(
rules:
  - {id: strong, title: t, effect: step_up, level: 2, systems: [qu-oa]}
)");
    Question question;
    const Decision decision = question.decide(*engine);
    EXPECT_EQ(decision.effect, Effect::kStepUp);
    EXPECT_EQ(decision.neededAssurance, 2);
    question.subject.assurance = 3;
    EXPECT_EQ(question.decide(*engine).effect, Effect::kAllow);
}

TEST_F(EngineTest, AsksForAFreshProofWhenTheRuleSaysHowOldItMayBe) {
    const auto engine = folder_.engine(R"(
rules:
  - {id: fresh, title: t, effect: step_up, level: 2, max_age: 5m, systems: [qu-oa]}
)");
    Question question;
    question.subject.assurance = 2;
    const Decision unknown = question.decide(*engine);
    EXPECT_EQ(unknown.effect, Effect::kStepUp) << "nobody knows when";
    EXPECT_EQ(unknown.maxAge, std::chrono::minutes(5));
    question.subject.provedAt = question.environment.time - std::chrono::minutes(5);
    EXPECT_EQ(question.decide(*engine).effect, Effect::kAllow);
    question.subject.provedAt -= std::chrono::microseconds(1);
    EXPECT_EQ(question.decide(*engine).effect, Effect::kStepUp);
    const Explanation why = question.explain(*engine);
    EXPECT_EQ(why.change.kind, ChangeKind::kAssurance);
    ASSERT_EQ(why.unmet.size(), 1U);
    EXPECT_EQ(why.unmet[0].need.en, "within 5 minutes");
    question.subject.assurance = 1;
    question.subject.provedAt = question.environment.time;
    EXPECT_EQ(question.decide(*engine).effect, Effect::kStepUp) << "a fresh password is no second factor";
    EXPECT_TRUE(engine->mayEnter(question.subject, "qu-oa")) << "the portal's list asks for no level";
}

TEST_F(EngineTest, LetsAnExceptionGoBeforeEverythingUntilItsDayEnds) {
    const auto engine = folder_.engine(R"(
exceptions:
  - {id: e1, person: wangmin, system: qu-oa, until: "2026-11-23", reason: 值班}
rules:
  - {id: no, title: t, effect: deny, systems: all}
)");
    Question question;
    question.environment.time = core::fromUnixSeconds(1795449599);  // 2026-11-23 23:59:59 +08:00
    EXPECT_EQ(question.decide(*engine).rule, "e1");
    question.environment.time += std::chrono::seconds(1);
    EXPECT_EQ(question.decide(*engine).rule, "no");
    question.environment.time -= std::chrono::hours(1);
    question.subject.username = "other";
    EXPECT_EQ(question.decide(*engine).rule, "no");
}

TEST_F(EngineTest, SelectsSystemsByIdCategoryAndLevel) {
    const auto engine = folder_.engine(R"(
rules:
  - {id: safety, title: t, effect: allow, systems: {category: [emergency], level: [province]}}
)");
    Question question;
    question.system = "ln-emergency";
    EXPECT_TRUE(question.decide(*engine).allowed());
    question.system = "dl-video";
    EXPECT_FALSE(question.decide(*engine).allowed());
    question.system = "none";
    EXPECT_FALSE(question.decide(*engine).allowed());
}

TEST_F(EngineTest, OpensTheHubOnlyToRulesThatNameIt) {
    const auto engine = folder_.engine("rules:\n  - {id: all, title: t, effect: allow, systems: all}\n");
    Question question;
    question.system = std::string(kHubSystem);
    EXPECT_FALSE(question.decide(*engine).allowed());
}

TEST_F(EngineTest, ListsASystemWhenSomePathMayOpen) {
    const auto engine = folder_.engine(R"(
rules:
  - {id: inside, title: t, effect: deny, systems: [qu-oa], when: {not: {network: office}}}
  - {id: path, title: t, effect: allow, systems: [qu-oa], when: {role: clerk, path: /a, time: {days: [sun]}}}
  - {id: strong, title: t, effect: allow, systems: [qu-grid], when: {assurance: 3}}
  - {id: never, title: t, effect: deny, systems: [dl-video], when: {role: clerk}}
  - {id: video, title: t, effect: allow, systems: [dl-video]}
)");
    Question question;
    question.role("clerk");
    EXPECT_TRUE(engine->mayEnter(question.subject, "qu-oa"));
    EXPECT_FALSE(engine->mayEnter(Subject{}, "qu-oa"));
    EXPECT_TRUE(engine->mayEnter(question.subject, "qu-grid"));
    EXPECT_FALSE(engine->mayEnter(question.subject, "dl-video"));
    EXPECT_FALSE(engine->mayEnter(question.subject, "ln-edu"));
    EXPECT_FALSE(engine->mayEnter(question.subject, "none"));
}

TEST_F(EngineTest, DeniesWhatItCannotKnow) {
    const auto engine = folder_.engine(R"(
rules:
  - {id: no, title: t, effect: deny, systems: [qu-oa], when: {path: /secret}}
  - {id: all, title: t, effect: allow, systems: all}
)");
    EXPECT_EQ(Question().asks("GET", "").decide(*engine).rule, "no");
    EXPECT_EQ(Question().asks("GET", "/x").decide(*engine).rule, "all");
}

}  // namespace
}  // namespace yimen::policy
