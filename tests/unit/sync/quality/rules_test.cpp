#include "sync/quality/rules.h"

#include <gmock/gmock.h>

#include <set>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync::quality {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const kFields =
    "      - {to: id, from: a, key: true}\n"
    "      - {to: name, from: b, personal: name}\n"
    "      - {to: area, from: c, type: decimal}\n"
    "      - {to: day, from: d, type: date}\n";
const std::vector<std::string> kColumns{"a", "b", "c", "d"};

MapFixture withRule(const std::string& rule) {
    return MapFixture(dataYaml(kFields, "    quality:\n      - {" + rule + "}\n", "  known: {x: y}\n"), kColumns);
}

/// Origins of refused rows.
std::vector<std::uint64_t> refused(const MapFixture& f) {
    std::vector<std::uint64_t> out;
    for (const auto& reject : f.out.rejected) out.push_back(reject.origin);
    return out;
}

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

class Lookup final : public RowLookup {
public:
    core::Result<std::vector<bool>> exist(const std::string& item, const std::string& field,
                                          const std::vector<std::string>& values) override {
        std::vector<bool> out;
        ++questions;
        for (const auto& value : values) out.push_back(there.count(item + "." + field + "=" + value) != 0);
        return out;
    }
    core::Result<std::vector<std::optional<std::string>>> holders(
        const std::string& item, const std::vector<std::string>&,
        const std::vector<std::vector<std::string>>& values) override {
        EXPECT_EQ(item, "ZS-T-001");
        ++questions;
        std::vector<std::optional<std::string>> out;
        for (const auto& value : values) {
            out.push_back(value[0] == "taken" ? std::optional<std::string>("other") : std::nullopt);
        }
        return out;
    }
    std::set<std::string> there;
    int questions = 0;
};

TEST(QualityRules, FollowReferences) {
    auto f = withRule("rule: reference, field: name, item: ZS-2, to: code");
    EXPECT_THAT(f.compile().error().message, HasSubstr("needs the shared database"));
    Lookup lookup;
    lookup.there = {"ZS-2.code=p"};
    f.services.lookup = &lookup;
    ASSERT_TRUE(f.map({{"1", "p", {}, {}}, {"2", "q", {}, {}}, {"3", {}, {}, {}}, {"4", "p", {}, {}}}).ok());
    EXPECT_THAT(refused(f), ElementsAre(2));
    EXPECT_EQ(f.out.rejected[0].rule, "reference");
}

TEST(QualityRules, AskOncePerBatchAndKeepTheRowsThatAreGood) {
    auto f = withRule("rule: reference, field: name, item: ZS-2, to: code");
    Lookup lookup;
    lookup.there = {"ZS-2.code=p"};
    f.services.lookup = &lookup;
    std::vector<RowTexts> rows;
    for (int i = 0; i < 2000; ++i) rows.push_back({std::to_string(i), i % 3 == 0 ? "q" : "p", std::to_string(i), {}});
    ASSERT_TRUE(f.map(rows).ok());
    EXPECT_EQ(lookup.questions, 1);
    ASSERT_EQ(f.out.rejected.size(), 667U);
    ASSERT_EQ(f.out.rows.rows(), 1333U);
    EXPECT_EQ(f.cell(0, 0), "1");
    EXPECT_EQ(f.cell(1332, 2), "1999") << "cells stay with their rows";
    EXPECT_EQ(f.out.sources[1332], 1999U);
    EXPECT_THAT(f.out.rejected[1].raw, HasSubstr(R"("a":"3","b":"q")"));
    EXPECT_TRUE(f.out.rejected[1].key);
    EXPECT_EQ(f.out.rules[0].count, 667U);
    auto mended = withRule("rule: reference, field: name, item: ZS-2, to: code, severity: fix, with: none");
    mended.services.lookup = &lookup;
    ASSERT_TRUE(mended.map({{"1", "p", {}, {}}, {"2", "q", {}, {}}}).ok());
    EXPECT_EQ(mended.cell(0, 1), "p");
    EXPECT_EQ(mended.cell(1, 1), "none");
    auto stopped = withRule("rule: reference, field: name, item: ZS-2, to: code, severity: stop");
    stopped.services.lookup = &lookup;
    EXPECT_THAT(stopped.map({{"1", "q", {}, {}}}).error().message, HasSubstr("record 1"));
}

TEST(QualityRules, LetARecordTakeWhatAnotherGaveUp) {
    Lookup lookup;
    auto f = withRule("rule: unique, field: name");
    f.services.lookup = &lookup;
    ASSERT_TRUE(f.map({{"other", "new", {}, {}}, {"3", "taken", {}, {}}}).ok());
    EXPECT_TRUE(refused(f).empty());
    ASSERT_TRUE(f.map({{"4", "new", {}, {}}}).ok());
    EXPECT_THAT(refused(f), ElementsAre(1)) << "a batch that is still on its way counts";
}

TEST(QualityRules, RefuseWhatAnotherRecordHas) {
    Lookup lookup;
    auto f = withRule("rule: unique, field: name");
    f.services.lookup = &lookup;
    ASSERT_TRUE(f.map({{"1", "p", {}, {}},
                       {"2", "p", {}, {}},
                       {"1", "p", {}, {}},
                       {"3", "taken", {}, {}},
                       {"other", "taken", {}, {}}})
                    .ok());
    EXPECT_THAT(refused(f), testing::UnorderedElementsAre(2, 4, 5));
    EXPECT_EQ(lookup.questions, 1);
    auto pair = withRule("rule: unique, fields: [name, area]");
    ASSERT_TRUE(pair.map({{"1", "p", "1", {}}, {"2", "p", "2", {}}, {"3", "p", "1.0", {}}}).ok());
    EXPECT_THAT(refused(pair), ElementsAre(3));
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
