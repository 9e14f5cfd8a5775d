#include "unit/admin/share_world.h"

namespace yimen::admin::test {
namespace {

class NoConsumer final : public http::HttpClient {
public:
    core::Result<http::ClientResponse> send(const http::ClientRequest&) override {
        return core::makeError(core::ErrorCode::kUnavailable, "nobody listens");
    }
};

TEST(SharePushApi, IsForTheUnitThatReceives) {
    ShareHub world;
    catalog::SharePusher pushes({*world.hub.world.stores.sharePushes,
                                 world.reader,
                                 std::make_shared<const crypto::KeyRing>(world.data.keys),
                                 world.hub.world.clock,
                                 {core::Url::parse("https://hr.example").value()},
                                 [](const core::Url&) { return std::make_shared<NoConsumer>(); },
                                 [](const catalog::Contract&, std::int64_t, std::size_t) { return core::Status(); }});
    world.desk.pushes = &pushes;
    ASSERT_TRUE(mountSharePush(world.hub.router, world.hub.context, world.desk).ok());
    const auto owner = world.signIn("minzheng", world.owner, "leader");
    const auto asker = world.signIn("renshe", world.consumer, "clerk");
    const core::Json made = world.body(world.hub.api("POST", "/api/v1/shares", world.draft()));
    const std::string at = "/api/v1/shares/" + made["id"].dump();
    EXPECT_EQ(world.hub.api("PUT", at + "/push", {{"endpoint", "https://hr.example/in"}}).status, 409)
        << "not in force";
    world.as(owner);
    ASSERT_EQ(world.hub.api("POST", at + "/state", {{"action", "approve"}, {"version", 1}}).status, 200);
    EXPECT_EQ(world.hub.get(at + "/push").status, 404) << "the other side's business";
    world.as(asker);
    EXPECT_TRUE(world.body(world.hub.get(at + "/push"))["push"].is_null());
    EXPECT_EQ(world.hub.api("PUT", at + "/push", {{"endpoint", "https://evil.example/"}}).status, 403);
    const auto set = world.hub.api("PUT", at + "/push", {{"endpoint", "https://hr.example/in"}});
    ASSERT_EQ(set.status, 200) << set.body;
    const std::string key = world.body(set)["signing_key"];
    EXPECT_EQ(world.hub.audit.events.back().type, "share.push_changed");
    ASSERT_TRUE(pushes.turn().ok());
    const core::Json push = world.body(world.hub.get(at + "/push"))["push"];
    EXPECT_EQ(push["failures"], 1) << push.dump();
    EXPECT_EQ(push["deliveries"][0]["acknowledged"], false);
    EXPECT_EQ(push.dump().find(key), std::string::npos) << "shown once";
    EXPECT_EQ(world.hub.api("POST", at + "/push", {{"action", "pause"}}).status, 200);
    EXPECT_EQ(world.hub.api("POST", at + "/push", {{"action", "x"}}).status, 400);
    EXPECT_EQ(world.hub.api("DELETE", at + "/push").status, 204);
    EXPECT_EQ(world.hub.api("DELETE", at + "/push").status, 404);
}

}  // namespace
}  // namespace yimen::admin::test
