#include "sync/quality/rules.h"

#include <gmock/gmock.h>

#include "unit/sync/quality/rule_fixture.h"

namespace yimen::sync::quality {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(QualityRules, CompareDecimalsExactly) {
    EXPECT_EQ(compareDecimals("2", "10"), -1);
    EXPECT_EQ(compareDecimals("-2", "-10"), 1);
    EXPECT_EQ(compareDecimals("-1", "0"), -1);
    EXPECT_EQ(compareDecimals("1.5", "1.45"), 1);
    EXPECT_EQ(compareDecimals("0.1", "0.1"), 0);
    EXPECT_EQ(compareDecimals("123456789012345678901234567890.1", "123456789012345678901234567890.2"), -1);
}

TEST(QualityRules, RefuseValuesOutOfRange) {
    auto f = withRule("rule: range, field: area, min: -0.5, max: 100");
    ASSERT_TRUE(f.map({{"1", "n", "-0.5", {}},
                       {"2", "n", "-0.51", {}},
                       {"3", "n", "100.000", {}},
                       {"4", "n", "1e3", {}},
                       {"5", "n", {}, {}}})
                    .ok());
    EXPECT_THAT(refused(f), ElementsAre(2, 4));
    EXPECT_EQ(f.out.rejected[0].rule, "range");
    auto days = withRule("rule: range, field: day, min: 2020-01-01");
    ASSERT_TRUE(days.map({{"1", "n", {}, "2019-12-31"}, {"2", "n", {}, "2020-01-01"}}).ok());
    EXPECT_THAT(refused(days), ElementsAre(1));
}

TEST(QualityRules, CountCharactersForLength) {
    auto f = withRule("rule: length, field: name, min: 2, max: 3");
    ASSERT_TRUE(f.map({{"1", "张三", {}, {}}, {"2", "张", {}, {}}, {"3", "张三李四", {}, {}}, {"4", {}, {}, {}}}).ok());
    EXPECT_THAT(refused(f), ElementsAre(2, 3));
    EXPECT_THAT(f.out.rejected[0].message, testing::Not(HasSubstr("张")));
}

TEST(QualityRules, MendWhatTheyMayMend) {
    auto cut = withRule("rule: length, field: name, max: 2, severity: fix");
    ASSERT_TRUE(cut.map({{"1", "张三李四", {}, {}}}).ok());
    EXPECT_EQ(cut.cell(0, 1), "张三");
    ASSERT_EQ(cut.out.rules.size(), 1U);
    EXPECT_EQ(cut.out.rules[0].severity, "fix");
    auto with = withRule("rule: range, field: area, min: 0, severity: fix, with: \"0\"");
    ASSERT_TRUE(with.map({{"1", "n", "-3", {}}}).ok());
    EXPECT_EQ(with.cell(0, 2), "0");
    auto null = withRule("rule: pattern, field: name, pattern: \"^%a+$\", severity: fix");
    ASSERT_TRUE(null.map({{"1", "x1", {}, {}}, {"2", "xy", {}, {}}}).ok());
    EXPECT_EQ(null.cell(0, 1), "<null>");
    EXPECT_EQ(null.cell(1, 1), "xy");
}

TEST(QualityRules, WarnWithCountsAndTenSamples) {
    auto f = withRule("rule: required, field: name, severity: warn");
    std::vector<RowTexts> rows;
    for (int i = 0; i < 1200; ++i) rows.push_back({std::to_string(i), i % 2 == 0 ? "" : "n", {}, {}});
    ASSERT_TRUE(f.map(rows).ok());
    EXPECT_EQ(f.out.rows.rows(), 1200U);
    ASSERT_EQ(f.out.rules.size(), 1U);
    EXPECT_EQ(f.out.rules[0].count, 600U);
    EXPECT_EQ(f.out.rules[0].samples.size(), 10U);
    EXPECT_EQ(f.out.rules[0].samples[1], 3U);
}

TEST(QualityRules, CountTheRefusalsOfDeclarationsToo) {
    auto f = withRule("rule: required, field: name");
    ASSERT_TRUE(f.map({{"1", "", {}, {}}, {"2", "n", "x", {}}, {"3", "n", "y", {}}}).ok());
    ASSERT_EQ(f.out.rules.size(), 2U);
    EXPECT_EQ(f.out.rules[0].rule, "required");
    EXPECT_EQ(f.out.rules[1].rule, "type");
    EXPECT_EQ(f.out.rules[1].count, 2U);
    EXPECT_THAT(f.out.rules[1].samples, ElementsAre(2, 3));
}

TEST(QualityRules, StopTheItem) {
    auto f = withRule("rule: range, field: area, max: 10, severity: stop");
    const auto status = f.map({{"1", "n", "5", {}}, {"2", "n", "11", {}}});
    ASSERT_FALSE(status.ok());
    EXPECT_THAT(status.error().message, HasSubstr("record 2"));
}

TEST(QualityRules, RefuseDaysInTheFuture) {
    auto f = withRule("rule: date_not_future, field: day");  // the clock of the test stands at 2025-12-18
    ASSERT_TRUE(f.map({{"1", "n", {}, "2025-12-18"}, {"2", "n", {}, "2025-12-19"}, {"3", "n", {}, {}}}).ok());
    EXPECT_THAT(refused(f), ElementsAre(2));
}

TEST(QualityRules, RefuseValuesOutsideATable) {
    auto f = withRule("rule: code, field: name, table: known");
    ASSERT_TRUE(f.map({{"1", "x", {}, {}}, {"2", "y", {}, {}}}).ok());
    EXPECT_THAT(refused(f), ElementsAre(2));
    EXPECT_EQ(f.out.rejected[0].rule, "code_table");
}

TEST(QualityRules, LookAtTheColumnsOfTheSource) {
    EXPECT_TRUE(withRule("rule: header, columns: [a, b]").compile().ok());
    EXPECT_THAT(withRule("rule: header, columns: [a, z]").compile().error().message, HasSubstr("lacks the columns: z"));
    EXPECT_THAT(withRule("rule: header, columns: [a, b, c], exact: true").compile().error().message, HasSubstr("d"));
    auto warned = withRule("rule: header, columns: [a, z], severity: warn");
    ASSERT_TRUE(warned.map({{"1", "n", {}, {}}}).ok());
    ASSERT_EQ(warned.out.rules.size(), 1U);
    EXPECT_EQ(warned.out.rules[0].rule, "header");
}

TEST(QualityRules, LeaveRecordsThatAreGoneAlone) {
    MapFixture f(
        dataYaml(kFields, "    deletes: {how: flag, field: d}\n    quality:\n      - {rule: required, field: name}\n"),
        kColumns);
    ASSERT_TRUE(f.map({{"1", {}, {}, "2026-01-01"}}).ok());
    EXPECT_EQ(f.out.rows.op(0), Op::kDelete);
}

}  // namespace
}  // namespace yimen::sync::quality
