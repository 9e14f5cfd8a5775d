#include "sync/quality/checks.h"

#include <gtest/gtest.h>

namespace yimen::sync::quality {
namespace {

TEST(QualityChecks, ExistForRulesOfRowsOnly) {
    std::vector<mapping::FieldSpec> fields(1);
    mapping::StepContext context;
    core::ManualClock clock;
    const RuleSet::Parts parts{fields, context, clock, nullptr, ""};
    RuleSpec rule;
    rule.fields = {0};
    for (const RuleKind kind : {RuleKind::kRequired, RuleKind::kLength, RuleKind::kRange, RuleKind::kUnique}) {
        rule.kind = kind;
        EXPECT_NE(makeCheck(rule, parts), nullptr);
    }
    for (const RuleKind kind : {RuleKind::kRows, RuleKind::kHeader}) {
        rule.kind = kind;
        EXPECT_EQ(makeCheck(rule, parts), nullptr);
    }
}

TEST(QualityChecks, GiveUpOnAPatternThatEatsSteps) {
    std::vector<mapping::FieldSpec> fields(1);
    mapping::StepContext context;
    core::ManualClock clock;
    RuleSpec rule;
    rule.kind = RuleKind::kPattern;
    rule.pattern = "^.-.-.-.-.-.-b$";
    rule.fields = {0};
    const auto check = makeCheck(rule, {fields, context, clock, nullptr, ""});
    Batch batch;
    batch.reset(1);
    ASSERT_TRUE(batch.set(batch.addRow(Op::kUpsert, 1), 0, std::string(3000, 'a')));
    mapping::Block block;
    block.open(batch, 0, 1, 1);
    block.column(0)[0] = block.source(0, 0);
    std::vector<std::uint8_t> bad(1, 0);
    ASSERT_TRUE(check->mark(block, bad).ok());
    EXPECT_EQ(bad[0], 1);
}

}  // namespace
}  // namespace yimen::sync::quality
