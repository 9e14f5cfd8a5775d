#include <random>

#include "support/repository.h"
#include "unit/policy/fixture.h"

namespace yimen::policy {
namespace {

/// Random people, places and requests over the rules of the demo, the same on every run.
class Questions {
public:
    explicit Questions(const PolicyEngine& engine) : engine_(engine) {
        for (const auto& [word, name] : engine.rules().roles) roles_.push_back(word);
        for (const auto& [name, unit] : engine.rules().units) units_.push_back(unit.code);
    }

    Question next() {
        static const std::vector<std::string> kPaths{"/",
                                                     "/vms/export/1",
                                                     "/dbgl/export",
                                                     "/DBGL;x/export/a",
                                                     "/a/b",
                                                     "/api/v1/admin/people",
                                                     "/api/v1/admin/policies/x"};
        static const std::vector<std::string> kMethods{"GET", "POST", "HEAD", "DELETE"};
        static const std::vector<const char*> kClients{"10.1.1.1", "127.0.0.1", "203.0.113.9", "2001:db8::1", "::1"};
        Question question;
        question.subject.username = "p" + std::to_string(pick(50));
        question.subject.assurance = 1 + static_cast<int>(pick(3));
        for (std::size_t i = pick(3); i > 0; --i) question.post(path(), pick(4) == 0 ? "数据专员" : "科员", roles());
        if (pick(8) == 0) question.role(roles_[pick(roles_.size())]);
        const auto& systems = engine_.systems();
        question.system = systems[pick(systems.size())].id;
        question.asks(kMethods[pick(kMethods.size())], kPaths[pick(kPaths.size())]);
        question.from(kClients[pick(kClients.size())]);
        question.environment.time += std::chrono::minutes(pick(7 * 24 * 60));
        return question;
    }

private:
    std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }
    std::vector<std::string> path() {
        const std::string unit = units_[pick(units_.size())];
        if (pick(3) == 0) return {unit + "W01", unit + "001", unit, "210299"};
        return {unit, "210299"};
    }
    std::vector<std::string> roles() {
        std::vector<std::string> words;
        for (std::size_t i = pick(3); i > 0; --i) words.push_back(roles_[pick(roles_.size())]);
        return words;
    }

    const PolicyEngine& engine_;
    std::mt19937 random_{20261121};  // NOLINT: the same questions on every run
    std::vector<std::string> roles_;
    std::vector<std::string> units_;
};

class ExplainProperty : public testing::Test {
protected:
    void SetUp() override {
        const auto rules = loadRules(yimen::test::repository() + "/policies");
        ASSERT_TRUE(rules.ok()) << rules.error().describe();
        engine_ = PolicyEngine::build(*rules, demoSystems());
    }
    std::shared_ptr<const PolicyEngine> engine_;
};

TEST_F(ExplainProperty, SaysWhatIsEnforcedAndNamesAChangeThatIsEnough) {
    Questions questions(*engine_);
    std::map<Effect, int> effects;
    std::map<ChangeKind, int> changes;
    for (int i = 0; i < 10000; ++i) {
        const Question question = questions.next();
        const Decision decision = question.decide(*engine_);
        const Explanation why = question.explain(*engine_);
        ASSERT_EQ(why.effect, decision.effect);
        if (decision.rule != Decision::kDefaultDeny) {
            ASSERT_EQ(why.rule, decision.rule);
        }
        ASSERT_FALSE(why.summary.zh.empty() || why.summary.en.empty());
        ++effects[decision.effect];
        if (decision.allowed()) {
            ASSERT_TRUE(why.unmet.empty());
            continue;
        }
        ++changes[why.change.kind];
        ASSERT_FALSE(why.unmet.empty()) << why.summary.en;
        ASSERT_NE(why.change.kind, ChangeKind::kNone) << why.summary.en;
        ASSERT_EQ(engine_->whatIf(question.subject, question.resource(), question.environment, why.change),
                  Effect::kAllow)
            << why.summary.en;
    }
    EXPECT_GT(effects[Effect::kAllow], 500);
    EXPECT_GT(effects[Effect::kDeny], 500);
    EXPECT_GT(effects[Effect::kStepUp], 0);
    // Exceptions are the last resort, not the usual answer.
    EXPECT_LT(changes[ChangeKind::kException], effects[Effect::kDeny] / 5);
    for (const auto& [kind, count] : changes) {
        RecordProperty("change_" + std::to_string(static_cast<int>(kind)), count);
    }
}

TEST_F(ExplainProperty, NeverListsLessThanCanBeEntered) {
    Questions questions(*engine_);
    for (int i = 0; i < 10000; ++i) {
        const Question question = questions.next();
        if (!question.decide(*engine_).allowed()) continue;
        ASSERT_TRUE(engine_->mayEnter(question.subject, question.system)) << question.system;
    }
}

TEST_F(ExplainProperty, SpeaksToPeople) {
    Question question;
    question.system = "qu-oa";
    question.post({"210299001001W01", "210299001001", "210299001"}, "网格员", {"grid_worker"});
    question.subject.posts[0].orgName = "迎客社区第一网格";
    const Explanation why = question.explain(*engine_);
    EXPECT_EQ(why.rule, "office-for-staff");
    EXPECT_EQ(why.whoCanGrant, "区政府办公室");
    ASSERT_EQ(why.unmet.size(), 1U);
    EXPECT_EQ(why.unmet[0].condition.zh, "角色");
    EXPECT_EQ(why.unmet[0].have.zh, "网格员");
    EXPECT_EQ(why.change.kind, ChangeKind::kAddRole);
    EXPECT_EQ(why.change.words.zh, "授予角色“工作人员”");
}

}  // namespace
}  // namespace yimen::policy
