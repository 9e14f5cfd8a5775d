#pragma once

#include "unit/policy/fixture.h"

namespace yimen::policy {

/// One allow rule with one condition; checks on the way that the change it proposes makes it hold.
class MatchersTest : public testing::Test {
protected:
    /// The effect of one allow rule with this condition.
    bool allows(const std::string& when, const Question& question) {
        const auto engine = folder_.engine(
            "rules:\n  - id: r\n    title: r\n    effect: allow\n    systems: all\n    when: " + when + "\n");
        if (!engine) return false;
        const bool allowed = question.decide(*engine).allowed();
        // The change that the condition proposes really makes it hold.
        const Explanation why = question.explain(*engine);
        EXPECT_EQ(why.effect == Effect::kAllow, allowed);
        if (!allowed) {
            EXPECT_EQ(engine->whatIf(question.subject, question.resource(), question.environment, why.change),
                      Effect::kAllow);
            change_ = why.change.kind;
        }
        return allowed;
    }
    RuleFolder folder_;
    ChangeKind change_ = ChangeKind::kNone;
};

}  // namespace yimen::policy
