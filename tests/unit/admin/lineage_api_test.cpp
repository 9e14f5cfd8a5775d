#include "admin/lineage_desk.h"
#include "unit/admin/share_world.h"

namespace yimen::admin::test {
namespace {

using core::Json;

class Desk final : public DataDesk {
public:
    explicit Desk(catalog::test::ShareWorld& world) : world_(world) {}
    const catalog::Catalog& catalog() const override { return world_.catalog; }
    sync::ItemSpecPtr spec(const std::string& code) const override { return world_.spec(code); }
    sync::SharedDatabase& shared() override { return world_.shared; }
    std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>> running() const override { return {}; }
    bool act(const std::string&, bool) override { return false; }
    core::Result<sync::BackfillPlan> planBackfill(const std::string&, const sync::Range&) override {
        return core::makeError(core::ErrorCode::kNotFound, "nothing is read here");
    }
    core::Result<sync::ReplayReport> replay(const std::string&, const sync::ReplayWish&) override {
        return core::makeError(core::ErrorCode::kNotFound, "nothing is replayed here");
    }

private:
    catalog::test::ShareWorld& world_;
};

TEST(LineageApi, ShowsWhereAnItemComesFromAndWhoHasIt) {
    ShareHub world;
    const auto document = config::YamlDocument::parse(
        "- {to: id, from: ID}\n- {to: id_no, from: SFZH, check: id_card, personal: id_no}\n", "data.yaml");
    world.data.item.fields = document->root();
    ASSERT_TRUE(world.data.shared.runs->finish(world.data.claim.run, sync::RunState::kDone, "").ok());
    Desk data(world.data);
    catalog::CheckSpec check;
    check.name = "dead-on-aid";
    check.items = {"ZS-MS-005"};
    const std::vector<catalog::CheckSpec> checks{check};
    LineageDesk desk{data, checks};
    ASSERT_TRUE(mountLineage(world.hub.router, world.hub.context, desk).ok());
    world.signIn("sunzhuan", world.consumer, "data_steward");
    const auto wall = world.hub.world.clock.wall();
    const auto share = world.service.request(
        {"ZS-MS-005", "D15", "核对", "办法", catalog::test::ShareWorld::terms(), wall, wall + std::chrono::hours(24)},
        {77, false, true, false});
    ASSERT_TRUE(world.service.act(share->id, "approve", "", 1, {78, true, false, false}).ok());
    const auto answer = world.hub.get("/api/v1/data/items/ZS-MS-005/lineage");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json out = world.body(answer);
    EXPECT_EQ(out["freshness"]["late"], false) << out.dump();
    EXPECT_FALSE(out["freshness"]["last_success"].is_null());
    EXPECT_EQ(out["quality"]["score"], 100.0);
    EXPECT_EQ(out["quality"]["read"], 3);
    EXPECT_EQ(out["batches"].size(), 3U);
    EXPECT_EQ(out["checks"], Json::array({"dead-on-aid"}));
    EXPECT_EQ(out["consumers"][0]["unit"], "D15");
    EXPECT_EQ(out["consumers"][0]["unit_name"], "D15") << "units of this test are called by their code";
    EXPECT_EQ(out["consumers"][0]["fields"].size(), 6U);
    EXPECT_EQ(out["fields"][2]["from"], "SFZH");
    EXPECT_EQ(out["fields"][2]["personal"], "id_no");
    EXPECT_EQ(out["fields"][2]["steps"], Json::array({"check id_card"}));
    EXPECT_EQ(world.hub.get("/api/v1/data/items/ZS-XX-000/lineage").status, 404);
    const Json other = world.body(world.hub.get("/api/v1/data/items/ZS-MS-004/lineage"));
    EXPECT_TRUE(other["freshness"]["late"].is_null()) << "not supplied: nothing is promised";
    EXPECT_TRUE(other["quality"]["score"].is_null());
}

}  // namespace
}  // namespace yimen::admin::test
