#include "unit/admin/share_world.h"

namespace yimen::admin::test {
namespace {

using core::Json;

class ShareApiTest : public ::testing::Test {
protected:
    Json act(const std::string& action, int expected, const std::string& reason = "因") {
        const Json share = world.body(world.hub.get(at));
        const auto answer = world.hub.api("POST", at + "/state",
                                          {{"action", action}, {"reason", reason}, {"version", share["version"]}});
        EXPECT_EQ(answer.status, expected) << answer.body;
        return world.body(answer);
    }
    ShareHub world;
    identity::PersonId decider = world.signIn("minzheng", world.owner, "leader");
    identity::PersonId stranger = world.signIn("jiedao", world.street, "leader");
    identity::PersonId asker = world.signIn("renshe", world.consumer, "clerk");
    Json made = world.body(world.hub.api("POST", "/api/v1/shares", world.draft()));
    std::string at = "/api/v1/shares/" + made["id"].dump();
};

TEST_F(ShareApiTest, GoesFromRequestToContractToToken) {
    ASSERT_EQ(made["state"], "requested") << made.dump();
    EXPECT_EQ(made["owner"]["name"], "区民政局");
    EXPECT_EQ(made["may"], Json::array({"revise", "end"}));
    EXPECT_EQ(world.hub.audit.last().substr(0, 23), "share.requested renshe ");
    act("approve", 403);
    world.as(decider);
    EXPECT_EQ(world.body(world.hub.get(at))["may"], Json::array({"approve", "return", "refuse", "end"}));
    const Json approved = act("approve", 200, "");
    EXPECT_EQ(approved["in_force"], true);
    EXPECT_EQ(approved["events"].size(), 2U);
    EXPECT_NE(world.hub.audit.last().find("share.decided minzheng of share:"), std::string::npos);
    EXPECT_EQ(world.hub.api("POST", at + "/tokens", {{"name", "x"}}).status, 403) << "for the other side";
    world.as(asker);
    const auto token = world.hub.api("POST", at + "/tokens", {{"name", "参保系统"}});
    ASSERT_EQ(token.status, 201) << token.body;
    const std::string text = world.body(token)["token"];
    const std::string shown = world.hub.get(at).body;
    EXPECT_EQ(shown.find(text.substr(8)), std::string::npos) << "shown once";
    for (const auto& event : world.hub.audit.events) {
        for (const auto& [name, value] : event.fields) EXPECT_EQ(value.find(text.substr(8)), std::string::npos) << name;
    }
    EXPECT_EQ(world.hub.api("DELETE", at + "/tokens/" + world.body(token)["id"].dump()).status, 204);
    EXPECT_FALSE(world.body(world.hub.get(at))["tokens"][0]["revoked_at"].is_null());
}

TEST_F(ShareApiTest, IsNotThereForStrangers) {
    world.as(stranger);
    EXPECT_EQ(world.hub.get(at).status, 404);
    EXPECT_EQ(world.hub.api("POST", at + "/state", {{"action", "approve"}, {"version", 1}}).status, 404);
    EXPECT_EQ(world.hub.api("POST", at + "/tokens", {{"name", "x"}}).status, 404);
    EXPECT_EQ(world.body(world.hub.get("/api/v1/shares"))["items"].size(), 0U);
    EXPECT_EQ(world.hub.api("POST", "/api/v1/shares", world.draft()).status, 403) << "for a unit that is not theirs";
    world.as(decider);
    EXPECT_EQ(world.body(world.hub.get("/api/v1/shares?item=ZS-MS-005"))["items"].size(), 1U);
    EXPECT_EQ(world.body(world.hub.get("/api/v1/shares?state=active"))["items"].size(), 0U);
}

TEST_F(ShareApiTest, IsReturnedRevisedAndStopped) {
    world.as(decider);
    act("return", 400, "");
    EXPECT_EQ(act("return", 200, "缩小范围")["state"], "returned");
    world.as(asker);
    Json narrower = catalog::test::ShareWorld::terms();
    narrower["rows_per_day"] = 10;
    const auto revised = world.hub.api("PUT", at, world.draft(narrower));
    ASSERT_EQ(revised.status, 200) << revised.body;
    EXPECT_EQ(world.body(revised)["terms"]["rows_per_day"], 10);
    world.as(decider);
    act("approve", 200);
    world.signIn("anquan", world.district, "security_admin");
    EXPECT_EQ(act("suspend", 200)["state"], "suspended");
    act("resume", 403);
    EXPECT_EQ(world.hub.api("POST", at + "/state", {{"action", "end"}}).status, 400) << "without a version";
    EXPECT_EQ(world.hub.api("POST", "/api/v1/shares", {{"item", "x"}}).status, 400);
}

TEST_F(ShareApiTest, RefusesWhatCannotBeAudited) {
    world.as(decider);
    world.hub.audit.down = true;
    act("approve", 503);
    world.hub.audit.down = false;
    EXPECT_EQ(world.body(world.hub.get(at))["state"], "requested") << "nothing happens that is not written down";
}

}  // namespace
}  // namespace yimen::admin::test
