#include "sync/mapping/mapper.h"

#include <gmock/gmock.h>

#include "sync/row_hash.h"
#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync {
namespace {

using testing::HasSubstr;
using testing::Not;

const char* const kFields =
    "      - {to: event_no, from: no, key: true, title: 事件编号}\n"
    "      - {to: happened_at, from: sj, type: datetime, required: true, date: [\"yyyy-MM-dd HH:mm:ss\", excel]}\n"
    "      - {to: id_no, from: sfzh, check: id_card, personal: id_no, title: 身份证号}\n"
    "      - {to: state, from: zt, code: state}\n"
    "      - {to: area, from: mj, type: decimal, scale: 0.0001}\n";
const char* const kCodes = "  state: {\"1\": 待受理, \"2\": 处置中}\n";
const std::vector<std::string> kColumns{"zt", "no", "sj", "sfzh", "mj"};

TEST(Mapper, MakesCanonicalRowsInTheOrderOfTheSource) {
    MapFixture f(dataYaml(kFields, {}, kCodes), kColumns);
    ASSERT_TRUE(f.map({{"1", " A1 ", "2026-06-30 08:00:00", "11010519491231002x", "12345"},
                       {"2", "A2", "46203.5", std::nullopt, ""}})
                    .ok());
    ASSERT_EQ(f.out.rows.rows(), 2U);
    EXPECT_EQ(f.cell(0, 0), "A1");
    EXPECT_EQ(f.cell(0, 1), "2026-06-30T08:00:00+08:00");
    EXPECT_EQ(f.cell(0, 2), "11010519491231002X");
    EXPECT_EQ(f.cell(0, 3), "待受理");
    EXPECT_EQ(f.cell(0, 4), "1.2345");
    EXPECT_EQ(f.cell(1, 1), "2026-06-30T12:00:00+08:00");
    EXPECT_EQ(f.cell(1, 2), "<null>");
    EXPECT_EQ(f.cell(1, 4), "<null>");
    EXPECT_EQ(f.out.rows.origin(1), 2U);
}

TEST(Mapper, RefusesTheBadRowAndKeepsTheGoodOnes) {
    MapFixture f(dataYaml(kFields, {}, kCodes), kColumns);
    ASSERT_TRUE(f.map({{"1", "A1", "2026-06-30 08:00:00", std::nullopt, "1"},
                       {"9", "A2", "2026-06-30 08:00:00", std::nullopt, "1"},
                       {"1", "A3", "30.06.2026", std::nullopt, "1"},
                       {"1", "", "2026-06-30 08:00:00", std::nullopt, "1"},
                       {"1", "A5", "2026-06-30 08:00:00", std::nullopt, "1"}})
                    .ok());
    ASSERT_EQ(f.out.rows.rows(), 2U);
    EXPECT_EQ(f.cell(1, 0), "A5");
    ASSERT_EQ(f.out.rejected.size(), 3U);
    EXPECT_EQ(f.out.rejected[0].rule, "code_table");
    EXPECT_EQ(f.out.rejected[0].field, "state");
    EXPECT_EQ(f.out.rejected[0].origin, 2U);
    EXPECT_THAT(f.out.rejected[0].message, HasSubstr("'9'"));
    EXPECT_EQ(f.out.rejected[0].raw, R"({"mj":"1","no":"A2","sfzh":null,"sj":"2026-06-30 08:00:00","zt":"9"})");
    EXPECT_EQ(f.out.rejected[1].rule, "date");
    EXPECT_EQ(f.out.rejected[2].rule, "required");
    EXPECT_EQ(f.out.rejected[2].field, "event_no");
}

TEST(Mapper, NamesNoPersonalValueInAMessage) {
    MapFixture f(dataYaml(kFields, {}, kCodes), kColumns);
    ASSERT_TRUE(f.map({{"1", "A1", "2026-06-30 08:00:00", "110105194912310021", "1"}}).ok());
    ASSERT_EQ(f.out.rejected.size(), 1U);
    EXPECT_EQ(f.out.rejected[0].rule, "id_card");
    EXPECT_THAT(f.out.rejected[0].message, HasSubstr("身份证号"));
    EXPECT_THAT(f.out.rejected[0].message, Not(HasSubstr("1949")));
}

TEST(Mapper, RefusesTextThatIsNoUtf8OrHoldsNul) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n"), {"a", "unused"});
    ASSERT_TRUE(f.map({{"ok", "x"}, {"\xB0\xA1", "x"}, {std::string("a\0b", 3), "x"}, {"ok2", "\xFF"}}).ok());
    EXPECT_EQ(f.out.rows.rows(), 1U);
    ASSERT_EQ(f.out.rejected.size(), 3U);
    EXPECT_EQ(f.out.rejected[0].rule, "text");
    EXPECT_EQ(f.out.rejected[0].field, "a");
    EXPECT_THAT(f.out.rejected[1].message, HasSubstr("NUL"));
    EXPECT_EQ(f.out.rejected[2].field, "unused");
}

TEST(Mapper, NeedsOnlyTheKeyOfARecordThatIsGone) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n"
                          "      - {to: d, from: b, type: date, required: true}\n",
                          "    deletes: {how: flag, field: gone, when: [\"1\"]}\n"),
                 {"a", "b", "gone"});
    ASSERT_TRUE(f.map({{"1", "rubbish", "1"}, {"2", "2026-01-02", "0"}, {"", "2026-01-02", "1"}}).ok());
    ASSERT_EQ(f.out.rows.rows(), 2U);
    EXPECT_EQ(f.out.rows.op(0), Op::kDelete);
    EXPECT_EQ(f.cell(0, 0), "1");
    EXPECT_EQ(f.cell(0, 1), "<null>");
    EXPECT_EQ(f.out.rows.op(1), Op::kUpsert);
    ASSERT_EQ(f.out.rejected.size(), 1U);
    EXPECT_EQ(f.out.rejected[0].rule, "required");
}

TEST(Mapper, TakesAnyValueOfTheFlagWhenNoneIsNamed) {
    MapFixture f(
        dataYaml("      - {to: id, from: a, key: true}\n", "    deletes: {how: flag, field: gone, when: not_null}\n"),
        {"a", "gone"});
    ASSERT_TRUE(f.map({{"1", "2026-01-01"}, {"2", std::nullopt}, {"3", " "}}).ok());
    EXPECT_EQ(f.out.rows.op(0), Op::kDelete);
    EXPECT_EQ(f.out.rows.op(1), Op::kUpsert);
    EXPECT_EQ(f.out.rows.op(2), Op::kUpsert);
}

TEST(Mapper, SaysWhichColumnTheSourceDoesNotHave) {
    MapFixture f(dataYaml("      - {to: id, from: event_no, key: true}\n"), {"event_on", "x"});
    const auto status = f.compile();
    ASSERT_FALSE(status.ok());
    EXPECT_THAT(status.error().message, HasSubstr("data.yaml:9:"));
    EXPECT_THAT(status.error().message, HasSubstr("'event_no': did you mean 'event_on'?"));
}

TEST(Mapper, RefusesABatchOfOtherColumns) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n"), {"a", "b"});
    ASSERT_TRUE(f.compile().ok());
    EXPECT_FALSE(f.mapper->map(batchOf(1, {{"1"}}), f.out).ok());
}

TEST(Mapper, MapsMoreRowsThanOneBlockWithoutMixingThem) {
    MapFixture f(dataYaml("      - {to: id, from: a, type: integer, key: true}\n"
                          "      - {to: both, join: {from: [a, b], by: \"-\"}}\n"
                          "      - {to: second, split: {from: c, by: \"/\", part: 2}}\n"),
                 {"a", "b", "c"});
    std::vector<RowTexts> rows;
    for (int i = 0; i < 2000; ++i) {
        const std::string n = std::to_string(i);
        rows.push_back({i % 7 == 0 ? n + "x" : n, "b" + n, "p/" + n + "/q"});
    }
    ASSERT_TRUE(f.map(rows).ok());
    ASSERT_EQ(f.out.rejected.size(), 286U);
    for (std::size_t row = 0; row < f.out.rows.rows(); ++row) {
        const std::string n = std::to_string(f.out.rows.origin(row) - 1);
        ASSERT_EQ(f.cell(row, 0), n);
        ASSERT_EQ(f.cell(row, 1), n + "-b" + n);
        ASSERT_EQ(f.cell(row, 2), n);
    }
}

TEST(Mapper, PicksTheCodeVersionOfTheDay) {
    const std::string codes =
        "  kind:\n    - {from: 2030-01-01, values: {\"1\": later, \"3\": third}}\n"
        "    - {from: 2020-01-01, values: {\"1\": now, \"2\": old}}\n";
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n      - {to: k, from: b, code: kind}\n", {}, codes),
                 {"a", "b"});
    ASSERT_TRUE(f.map({{"x", "1"}, {"y", "3"}}).ok());
    EXPECT_EQ(f.cell(0, 1), "now");
    EXPECT_EQ(f.out.rejected.size(), 1U);
    f.clock.advance(std::chrono::hours(24 * 365 * 5));
    ASSERT_TRUE(f.map({{"x", "1"}, {"y", "3"}, {"z", "2"}}).ok());
    EXPECT_EQ(f.cell(0, 1), "later");
    EXPECT_EQ(f.cell(1, 1), "third");
    EXPECT_EQ(f.cell(2, 1), "old");
}

TEST(Mapper, HashesWithTheInjectedKeyOnly) {
    const std::string yaml = dataYaml("      - {to: id, from: a, key: true, mask: keyed_hash}\n");
    MapFixture without(yaml, {"a"});
    EXPECT_FALSE(without.compile().ok());
    without.services.keyedHash = [](std::string_view text) { return "h(" + std::string(text) + ")"; };
    ASSERT_TRUE(without.map({{" 12 "}}).ok());
    EXPECT_EQ(without.cell(0, 0), "h(12)");
}

TEST(Mapper, TurnsShiftedPlacesBack) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n"
                          "      - {to: lng, from: x, type: decimal, coordinate: {from: gcj02, lat: lat}}\n"
                          "      - {to: lat, from: y, type: decimal}\n"),
                 {"a", "x", "y"});
    ASSERT_TRUE(f.map({{"1", "121.6147", "38.9140"}, {"2", "38.9", "121.6"}, {"3", "121.6", std::nullopt}}).ok());
    ASSERT_EQ(f.out.rows.rows(), 2U);
    EXPECT_NEAR(std::stod(f.cell(0, 1)), 121.6095, 0.002);
    EXPECT_NE(f.cell(0, 1), "121.6147");
    EXPECT_EQ(f.cell(1, 1), "<null>");
    EXPECT_EQ(f.out.rejected[0].rule, "coordinate");
}

TEST(CompiledMapper, SaysWhichRecordItRefused) {
    MapFixture f(dataYaml("      - {to: n, from: b, type: integer}\n      - {to: id, from: a, key: true}\n"),
                 {"a", "b"});
    ASSERT_TRUE(f.map({{" k1 ", "x"}, {"k2", "2"}, {{}, "x"}, {"k3", "y"}}).ok());
    ASSERT_EQ(f.out.rejected.size(), 3U);
    const std::vector<std::string_view> key{"k1"};
    EXPECT_EQ(f.out.rejected[0].key, keyHash(key)) << "as the target would have it: trimmed";
    EXPECT_FALSE(f.out.rejected[1].key) << "without a key nobody knows which record it is";
    EXPECT_EQ(f.out.refusedSources, (std::vector<std::uint32_t>{0, 2, 3}));
    EXPECT_EQ(f.out.sources, (std::vector<std::uint32_t>{1}));
    const Batch& rows = f.out.rows;
    EXPECT_EQ(keyHash(rows, 0, std::vector<std::size_t>{1}), keyHash(std::vector<std::string_view>{"k2"}));
}

}  // namespace
}  // namespace yimen::sync
