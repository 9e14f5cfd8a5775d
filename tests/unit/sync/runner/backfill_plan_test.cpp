#include "sync/runner/backfill_plan.h"

#include "unit/sync/runner/item_bench.h"

namespace yimen::sync {
namespace {

/// A source of two columns that looks for ranges of one of them.
class RangedSource final : public Source {
public:
    core::Result<std::vector<SourceField>> describe() override {
        if (away) return core::makeError(core::ErrorCode::kUnavailable, "away");
        return std::vector<SourceField>{{"id", ""}, {"updated", ""}};
    }
    core::Result<std::vector<Partition>> partitions(ReadMode) override { return std::vector<Partition>{}; }
    core::Result<std::optional<Partition>> range(const Range& range) override {
        if (range.column == "id") return std::optional<Partition>(Partition{"r", range.from});
        return std::optional<Partition>();
    }
    core::Result<std::unique_ptr<Reader>> open(const Partition&, ReadMode, Position) override {
        ADD_FAILURE() << "nothing is read for a plan";
        return core::makeError(core::ErrorCode::kInternal, "");
    }
    bool away = false;
};

class BackfillPlanTest : public ::testing::Test {
protected:
    BackfillPlanTest() {
        folder.write("data.yaml", dataYaml("      - {to: id, from: id, key: true}\n", ""));
        system = readSystemData(folder.path()).value();
    }
    core::Result<BackfillPlan> plan(Range range) { return planBackfill(source, system->items[0], std::move(range)); }
    DataFolder folder;
    std::optional<SystemData> system;
    RangedSource source;
};

TEST_F(BackfillPlanTest, GoesByTheItemsOwnColumnAndSaysHowTheSourceWillBeRead) {
    const auto own = plan({"", "1", "5"});
    ASSERT_TRUE(own.ok()) << own.error().describe();
    EXPECT_EQ(own->range.column, "id");
    EXPECT_TRUE(own->selective);
    EXPECT_EQ(own->columns, (std::vector<std::string>{"id", "updated"}));
    EXPECT_FALSE(plan({"updated", "1", ""})->selective) << "read completely, the rest left out";
    EXPECT_FALSE(plan({"id", "", ""})->selective) << "no range yet";
}

TEST_F(BackfillPlanTest, SaysWhatIsWrongBeforeAnythingIsRead) {
    const auto none = plan({"nix", "1", ""});
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, core::ErrorCode::kInvalidInput);
    EXPECT_NE(none.error().message.find("'nix'"), std::string::npos);
    source.away = true;
    EXPECT_EQ(plan({"id", "1", ""}).error().code, core::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yimen::sync
