#include "sync/mapping/script.h"

#include <gmock/gmock.h>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync {
namespace {

using testing::HasSubstr;

const char* const kFields =
    "      - {to: id, from: no, key: true}\n"
    "      - {to: name, from: xm}\n"
    "      - {to: day, type: date}\n"
    "      - {to: state, from: zt, code: state, unknown: keep}\n";
const char* const kCodes = "  state: {\"1\": open, \"2\": closed}\n";
const std::vector<std::string> kColumns{"no", "xm", "rq", "zt"};

MapFixture withScript(const std::string& script, const std::string& fields = kFields) {
    return MapFixture(dataYaml(fields, "    script: map.lua\n", kCodes), kColumns, script);
}

TEST(Script, MapsRowsAsPlainTables) {
    auto f = withScript(
        "return {map = function(row)\n"
        "  if row.no == '2' then return nil end\n"
        "  if row.no == '3' then return nil, 'no such place' end\n"
        "  return {name = '<' .. H.trim(row.xm) .. '>', day = H.date(row.rq, 'yyyyMMdd')}\n"
        "end}");
    ASSERT_TRUE(f.map({{"1", " 甲 ", "20260630", "1"},
                       {"2", "x", "20260630", "1"},
                       {"3", "x", "20260630", "1"},
                       {"4", "y", "2026", "1"},
                       {"5", "z", std::nullopt, "7"}})
                    .ok());
    ASSERT_EQ(f.out.rows.rows(), 2U);
    EXPECT_EQ(f.cell(0, 1), "<甲>");
    EXPECT_EQ(f.cell(0, 2), "2026-06-30");
    EXPECT_EQ(f.cell(0, 3), "open");
    EXPECT_EQ(f.cell(1, 2), "<null>");
    EXPECT_EQ(f.cell(1, 3), "7");
    EXPECT_EQ(f.out.dropped, 1U);
    ASSERT_EQ(f.out.rejected.size(), 2U);
    EXPECT_EQ(f.out.rejected[0].rule, "script");
    EXPECT_EQ(f.out.rejected[0].message, "no such place");
    EXPECT_EQ(f.out.rejected[1].rule, "date");
    EXPECT_EQ(f.out.rejected[1].origin, 4U);
}

TEST(Script, MapsWholeColumns) {
    auto f = withScript(
        "return {map_batch = function(b)\n"
        "  return {name = H.join('-', H.trim(b.xm), b.no), day = H.date(b.rq, 'yyyyMMdd'),\n"
        "          state = H.first(H.null(b.zt, '0'), b.no)}\n"
        "end}");
    std::vector<RowTexts> rows;
    for (int i = 0; i < 1500; ++i) {
        rows.push_back({std::to_string(i), " n ", i % 10 == 3 ? "nonsense" : "20260630", i % 2 == 0 ? "1" : "0"});
    }
    ASSERT_TRUE(f.map(rows).ok());
    EXPECT_EQ(f.out.rejected.size(), 150U);
    EXPECT_EQ(f.out.rejected[0].rule, "date");
    EXPECT_EQ(f.cell(0, 1), "n-0");
    EXPECT_EQ(f.cell(0, 3), "open");
    EXPECT_EQ(f.cell(1, 3), "open");
    EXPECT_EQ(f.cell(4, 3), "5");
    const std::size_t last = f.out.rows.rows() - 1;
    EXPECT_EQ(f.cell(last, 1), "n-1499");
    EXPECT_EQ(f.cell(last, 2), "2026-06-30");
}

TEST(Script, EvaluatesExpressions) {
    MapFixture f(
        dataYaml("      - {to: id, from: no, key: true}\n"
                 "      - {to: full, expression: \"row.xm .. '/' .. row.no\"}\n"
                 "      - {to: age, type: integer, expression: \"2026 - tonumber(row.rq)\"}\n"
                 "      - {to: when_bad, expression: \"row.zt == nil and error('gone') or H.upper(row.zt)\"}\n"),
        kColumns);
    ASSERT_TRUE(f.map({{"1", "甲", "1990", "a"}, {"2", "乙", "1991", std::nullopt}, {"3", "丙", "x", "b"}}).ok());
    ASSERT_EQ(f.out.rows.rows(), 1U);
    EXPECT_EQ(f.cell(0, 1), "甲/1");
    EXPECT_EQ(f.cell(0, 2), "36");
    EXPECT_EQ(f.cell(0, 3), "A");
    ASSERT_EQ(f.out.rejected.size(), 2U);
    EXPECT_EQ(f.out.rejected[0].field, "when_bad");
    EXPECT_EQ(f.out.rejected[0].rule, "expression");
    EXPECT_EQ(f.out.rejected[1].field, "age");
}

TEST(Script, TakesOneExpressionOnly) {
    for (const char* text : {"1) end, x = (2", "row.a --", "return 1", "a = 1"}) {
        MapFixture f(dataYaml("      - {to: id, from: no, key: true}\n      - {to: x, expression: \"" +
                              std::string(text) + "\"}\n"),
                     kColumns);
        const auto status = f.compile();
        ASSERT_FALSE(status.ok()) << text;
        EXPECT_THAT(status.error().message, HasSubstr("data.yaml:"));
    }
}

TEST(Script, FailsTheItemWhenItRunsAway) {
    auto loop = withScript("return {map = function(row) while true do end end}");
    const auto status = loop.map({{"1", "x", "20260630", "1"}});
    ASSERT_FALSE(status.ok());
    EXPECT_THAT(status.error().message, HasSubstr("maxInstructions"));
    auto batch = withScript("return {map_batch = function(b) local c = b.xm while true do c = H.trim(c) end end}");
    EXPECT_THAT(batch.map({{"1", "x", "20260630", "1"}}).error().message, HasSubstr("1000 columns"));
}

TEST(Script, TellsMistakesOfTheScript) {
    EXPECT_THAT(withScript("return {mpa = function() end}").compile().error().message,
                HasSubstr("map(row) or map_batch(b)"));
    const auto fault = [](const std::string& script) {
        auto f = withScript(script);
        const auto status = f.map({{"1", "x", "20260630", "1"}});
        return status.ok() ? std::string("fine") : status.error().message;
    };
    EXPECT_THAT(fault("return {map = function(row) return {nmae = 'x'} end}"), HasSubstr("'nmae', which is no field"));
    EXPECT_THAT(fault("return {map_batch = function(b) return {nmae = b.xm} end}"),
                HasSubstr("'nmae', which is no field"));
    EXPECT_THAT(fault("return {map_batch = function(b) return {name = 'x'} end}"), HasSubstr("a column is expected"));
    EXPECT_THAT(fault("return {map_batch = function(b) return {name = H.trim(b.mx)} end}"), HasSubstr("not nil"));
    EXPECT_THAT(fault("return {map_batch = function(b) return {name = H.trim(b.xm .. b.no)} end}"),
                HasSubstr("a column is"));
    EXPECT_THAT(fault("return {map_batch = function(b) return {name = H.code(b.xm, 'none')} end}"),
                HasSubstr("no table 'none'"));
    EXPECT_THAT(fault("return {map_batch = function(b) return {day = H.date(b.rq, 'jjjj')} end}"), HasSubstr("'jjjj'"));
    EXPECT_THAT(fault("return {map_batch = function(b) return 1 end}"), HasSubstr("table of columns"));
}

TEST(Script, MakesNoTextThatIsNoUtf8) {
    auto f =
        withScript("return {map = function(row) return {name = row.xm:sub(1, tonumber(row.zt)), state = row.xm} end}");
    ASSERT_TRUE(f.map({{"1", "甲乙", "", "3"}, {"2", "甲乙", "", "4"}, {"3", "a", "", "1"}}).ok());
    EXPECT_EQ(f.out.rows.rows(), 2U);
    ASSERT_EQ(f.out.rejected.size(), 1U);
    EXPECT_EQ(f.out.rejected[0].rule, "text");
    auto nul = withScript("return {map_batch = function(b) return {name = H.replace(b.xm, 'a', '\\0')} end}");
    EXPECT_FALSE(nul.map({{"1", "a", "", "1"}}).ok());
}

TEST(Script, IsNotAskedAboutRecordsThatAreGone) {
    MapFixture f(dataYaml(kFields, "    script: map.lua\n    deletes: {how: flag, field: zt, when: [\"9\"]}\n", kCodes),
                 kColumns, "return {map = function(row) return {name = row.xm:sub(1, 1)} end}");
    ASSERT_TRUE(f.map({{"1", std::nullopt, std::nullopt, "9"}, {"2", std::nullopt, std::nullopt, "1"}}).ok());
    ASSERT_EQ(f.out.rows.rows(), 1U);
    EXPECT_EQ(f.out.rows.op(0), Op::kDelete);
    EXPECT_EQ(f.out.rejected[0].rule, "lua");
}

TEST(Script, GivesRawTextThatTheDeclarationGoesOnWith) {
    auto f = withScript("return {map = function(row) return {state = '2', day = '  2026-06-30T10:00:00Z '} end}");
    ASSERT_TRUE(f.map({{"1", "x", "", "1"}}).ok());
    EXPECT_EQ(f.cell(0, 3), "closed");
    EXPECT_EQ(f.cell(0, 2), "2026-06-30");
}

}  // namespace
}  // namespace yimen::sync
