#include "sync/runner/range_reader.h"

#include "unit/sync/mapping/map_fixture.h"
#include "unit/sync/runner/fakes.h"

namespace yimen::sync {
namespace {

TEST(RangeReader, TakesFromAndLeavesTo) {
    const Range days{"d", "2026-01-01", "2026-02-01"};
    EXPECT_TRUE(inRange(days, "2026-01-01"));
    EXPECT_TRUE(inRange(days, "2026-01-31 23:59:59"));
    EXPECT_FALSE(inRange(days, "2026-02-01"));
    EXPECT_FALSE(inRange(days, std::nullopt));
    const Range numbers{"n", "9", "100"};
    EXPECT_TRUE(inRange(numbers, "10"));
    EXPECT_FALSE(inRange(numbers, "8"));
    EXPECT_FALSE(inRange(numbers, "100"));
    EXPECT_TRUE(inRange({"n", "", ""}, "x"));
}

TEST(RangeReader, KeepsPositionsAndConfirmsNothing) {
    auto inner = std::make_unique<CountingReader>(30, 10);
    CountingReader& counting = *inner;
    const auto reader = makeRangeReader(std::move(inner), 0, {"n", "15", "22"});
    std::vector<std::string> rows;
    for (bool end = false; !end;) {
        Batch batch;
        batch.reset(1);
        const auto state = reader->read(batch);
        ASSERT_TRUE(state.ok());
        for (std::size_t i = 0; i < batch.rows(); ++i) rows.emplace_back(batch.text(i, 0));
        ASSERT_TRUE(reader->confirm(state->position).ok());
        end = state->end;
    }
    EXPECT_EQ(rows.size(), 7U);
    EXPECT_EQ(rows.front(), "15");
    EXPECT_EQ(rows.back(), "21");
    EXPECT_TRUE(counting.confirmed.empty()) << "the source would forget what the item's own run has not read";
}

TEST(RangeReader, CountsByTheWatermarkOrTheKey) {
    const std::string fields = "      - {to: id, from: bh, key: true}\n";
    MapFixture marked(dataYaml(fields, "    read: {table: t, watermark: gx}\n"), {"bh"});
    EXPECT_EQ(rangeColumn(marked.data->items[0]), "gx");
    MapFixture plain(dataYaml(fields), {"bh"});
    EXPECT_EQ(rangeColumn(plain.data->items[0]), "bh");
}

}  // namespace
}  // namespace yimen::sync
