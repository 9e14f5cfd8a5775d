#include "admin/check_desk.h"
#include "unit/admin/share_world.h"

namespace yimen::admin::test {
namespace {

using core::Json;

class RuleApiTest : public ::testing::Test {
protected:
    RuleApiTest() {
        catalog::CheckSpec check;
        check.name = "late-aid";
        check.titleZh = "补发";
        check.severity = "red";
        check.items = {"ZS-MS-005"};
        check.columns = {"id", "name"};
        check.sql[""] = "SELECT id, name FROM {ZS-MS-005} WHERE town = '210299001'";
        check.subject = {"id"};
        check.messageZh = "{name}";
        check.messageEn = "{id}";
        check.masks["name"] = catalog::Mask::kName;
        checks.push_back(check);
        EXPECT_TRUE(mountChecks(world.hub.router, world.hub.context, desk).ok());
    }
    ShareHub world;
    std::vector<catalog::CheckSpec> checks;
    catalog::CheckRunner runner{{*world.data.shared.inquirer, *world.hub.world.stores.alerts, world.data.spec,
                                 world.hub.world.clock,
                                 catalog::ShareMasks(world.data.keys.deriveActive("share_masks"))}};
    CheckDesk desk{checks, runner};
};

TEST_F(RuleApiTest, RunsShowsAndHandsOutAlerts) {
    world.signIn("sunzhuan", world.consumer, "data_steward");
    EXPECT_TRUE(world.body(world.hub.get("/api/v1/checks"))["items"][0]["last_run"].is_null());
    const auto run = world.hub.api("POST", "/api/v1/checks/late-aid/run");
    ASSERT_EQ(run.status, 200) << run.body;
    EXPECT_EQ(world.body(run)["opened"], 1);
    EXPECT_EQ(world.hub.audit.last(), "check.run sunzhuan check=late-aid");
    EXPECT_EQ(world.body(world.hub.get("/api/v1/checks"))["items"][0]["open"], 1);
    const Json list = world.body(world.hub.get("/api/v1/alerts"));
    EXPECT_EQ(list["items"][0]["message"], "张** / 1");
    EXPECT_FALSE(list["items"][0].contains("evidence"));
    const std::string at = "/api/v1/alerts/" + list["items"][0]["id"].dump();
    EXPECT_EQ(world.body(world.hub.get(at))["evidence"]["fields"]["name"], "张**");
    EXPECT_EQ(world.hub.audit.events.back().type, "alert.seen");
    EXPECT_EQ(world.body(world.hub.api("POST", at, {{"note", "联系街道"}}))["state"], "taken");
    EXPECT_EQ(world.hub.api("POST", at, {{"note", std::string(501, 'x')}}).status, 400);
    EXPECT_EQ(world.hub.get("/api/v1/alerts/999").status, 404);
    EXPECT_EQ(world.hub.api("POST", "/api/v1/checks/none/run").status, 404);
    world.data.put("1", "");
    EXPECT_EQ(world.body(world.hub.api("POST", "/api/v1/checks/late-aid/run"))["closed"], 1);
    EXPECT_EQ(world.body(world.hub.get("/api/v1/alerts"))["items"].size(), 0U);
    EXPECT_EQ(world.body(world.hub.get("/api/v1/alerts?state=all"))["items"][0]["state"], "closed");
}

TEST_F(RuleApiTest, IsForStewardsAndReadByAuditors) {
    world.signIn("zhaoshen", world.consumer, "auditor");
    EXPECT_EQ(world.hub.get("/api/v1/alerts").status, 200);
    EXPECT_EQ(world.hub.api("POST", "/api/v1/checks/late-aid/run").status, 403);
    world.signIn("wangmin", world.consumer, "clerk");
    EXPECT_EQ(world.hub.get("/api/v1/alerts").status, 403);
    EXPECT_EQ(world.hub.get("/api/v1/checks").status, 403);
}

}  // namespace
}  // namespace yimen::admin::test
