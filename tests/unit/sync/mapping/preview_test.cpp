#include "sync/mapping/preview.h"

#include <gmock/gmock.h>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync {
namespace {

TEST(Preview, ShowsWhatBecomesOfEachFieldWithPersonalValuesMasked) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n"
                          "      - {to: name, from: xm, personal: name}\n"
                          "      - {to: id_no, from: sfz, check: id_card, personal: id_no}\n"
                          "      - {to: born, split: {from: sfz, by: \"19\", part: 1}}\n"
                          "      - {to: n, from: n, type: integer}\n",
                          "    quality:\n      - {rule: range, field: n, max: 5, severity: warn}\n"),
                 {"a", "xm", "sfz", "n"});
    const Batch samples = batchOf(
        4, {{"1", "张三丰", "11010519491231002x", " 7 "}, {"2", "李四", "110105194912310021", "7"}, {"3", {}, {}, {}}});
    const auto rows = previewMapping(f.data->items[0], f.fields, samples, f.services);
    ASSERT_TRUE(rows.ok()) << rows.error().message;
    ASSERT_EQ(rows->size(), 3U);
    const PreviewRow& good = rows->at(0);
    EXPECT_EQ(good.state, PreviewRow::State::kGood);
    EXPECT_EQ(good.cells[1].source, "张**");
    EXPECT_EQ(good.cells[1].result, "张**");
    EXPECT_EQ(good.cells[2].source, "110105********002x");
    EXPECT_EQ(good.cells[2].result, "110105********002X");
    EXPECT_EQ(good.cells[3].source, "110105********002x");
    EXPECT_EQ(good.cells[3].result, "******");
    EXPECT_EQ(good.cells[4].source, " 7 ");
    EXPECT_EQ(good.cells[4].result, "7");
    ASSERT_EQ(good.rules.size(), 1U);
    EXPECT_EQ(good.rules[0].rule, "range");
    const PreviewRow& bad = rows->at(1);
    EXPECT_EQ(bad.state, PreviewRow::State::kRejected);
    EXPECT_EQ(bad.cells[2].rule, "id_card");
    EXPECT_THAT(bad.cells[2].message, testing::Not(testing::HasSubstr("1949")));
    EXPECT_FALSE(rows->at(2).cells[1].source);
    EXPECT_EQ(rows->at(2).state, PreviewRow::State::kGood);
}

TEST(Preview, TellsDroppedRowsAndFaultsOfTheScript) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n", "    script: map.lua\n"), {"a"},
                 "return {map = function(row) if row.a == '1' then return nil end return nil, 'not ours' end}");
    const auto rows = previewMapping(f.data->items[0], f.fields, batchOf(1, {{"1"}, {"2"}}), f.services);
    ASSERT_TRUE(rows.ok());
    EXPECT_EQ(rows->at(0).state, PreviewRow::State::kDropped);
    EXPECT_EQ(rows->at(1).state, PreviewRow::State::kRejected);
    EXPECT_EQ(rows->at(1).message, "not ours");
    EXPECT_EQ(rows->at(1).rule, "script");
}

}  // namespace
}  // namespace yimen::sync
