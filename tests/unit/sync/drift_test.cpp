#include "sync/drift.h"

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync {
namespace {

TEST(Drift, NamesWhatIsMissingAndWhatNobodyReads) {
    MapFixture f(
        dataYaml("      - {to: id, from: bh, key: true}\n      - {to: name, join: {from: [xing, ming], by: \"-\"}}\n",
                 "    deletes: {how: flag, field: scbz}\n"),
        {});
    const auto none = driftOf(f.data->items[0], {{"bh", "text"}, {"xing", ""}, {"ming", ""}, {"scbz", ""}});
    ASSERT_TRUE(none.ok()) << none.error().message;
    EXPECT_TRUE(none->missing.empty());
    EXPECT_TRUE(none->unread.empty());
    const auto some = driftOf(f.data->items[0], {{"bh", "text"}, {"xing", ""}, {"new", "integer"}});
    ASSERT_EQ(some->missing.size(), 2U);
    EXPECT_EQ(some->missing[0].column, "ming");
    EXPECT_EQ(some->missing[0].field, "name");
    EXPECT_EQ(some->missing[1].field, "deletes.field");
    ASSERT_EQ(some->unread.size(), 1U);
    EXPECT_EQ(some->unread[0].name, "new");
    EXPECT_FALSE(some->script);
}

}  // namespace
}  // namespace yimen::sync
