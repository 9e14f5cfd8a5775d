#include "unit/admin/share_world.h"

namespace yimen::admin::test {
namespace {

using core::Json;

class ShareRowsApiTest : public ::testing::Test {
protected:
    ShareRowsApiTest() {
        world.signIn("minzheng", world.owner, "leader");
        world.signIn("renshe", world.consumer, "clerk");
    }
    std::string contract(const Json& terms = catalog::test::ShareWorld::terms(), const std::string& unit = "D15") {
        Json draft = world.draft(terms);
        draft["unit"] = unit;
        const auto made = world.service.request(
            {"ZS-MS-005", unit, "核对", "办法", terms, world.hub.world.clock.wall() - std::chrono::hours(1),
             world.hub.world.clock.wall() + std::chrono::hours(48)},
            {77, false, true, false});
        EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().describe());
        EXPECT_TRUE(world.service.act(made->id, "approve", "", 1, {78, true, false, false}).ok());
        return std::to_string(made->id);
    }
    std::string token(const std::string& share) {
        return std::string(world.tokens.issue(std::stoll(share), "系统", 77)->second.reveal());
    }
    http::Response ask(const std::string& target, const std::string& bearer) {
        http::Request request;
        request.path = target.substr(0, target.find('?'));
        if (target.size() > request.path.size()) request.rawQuery = target.substr(request.path.size() + 1);
        request.query = http::Params(core::parseForm(request.rawQuery).value());
        request.requestId = "trace-2";
        request.headers.set("Authorization", "Bearer " + bearer);
        return world.hub.router.dispatch(std::move(request));
    }
    ShareHub world;
};

TEST_F(ShareRowsApiTest, GivesRowsByTokenAndAuditsThem) {
    const std::string share = contract();
    const std::string bearer = token(share);
    const auto answer = ask("/api/v1/share/" + share + "/rows?limit=1&fields=id,name", bearer);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json rows = world.body(answer);
    EXPECT_EQ(rows["rows"][0]["name"], "张**");
    EXPECT_EQ(world.hub.audit.last(),
              "share.read token:1 of share:" + share + " item=ZS-MS-005 unit=D15 purpose=核对 kind=rows rows=1");
    const auto second = ask("/api/v1/share/" + share + "/rows?limit=1&fields=id,name&cursor=" +
                                core::percentEncode(rows["next"].get<std::string>()),
                            bearer);
    EXPECT_EQ(world.body(second)["rows"][0]["id"], "2");
    EXPECT_EQ(ask("/api/v1/share/" + share + "/rows?as_of=2001-01-01", bearer).status, 200);
    EXPECT_EQ(ask("/api/v1/share/" + share + "/rows?f.month=202610", bearer).status, 200);
    world.hub.audit.down = true;
    EXPECT_EQ(ask("/api/v1/share/" + share + "/rows", bearer).status, 503) << "nothing leaves without its line";
}

TEST_F(ShareRowsApiTest, RefusesTheRest) {
    const std::string share = contract();
    const std::string other = contract();
    const std::string bearer = token(share);
    EXPECT_EQ(ask("/api/v1/share/" + other + "/rows", bearer).status, 401);
    EXPECT_EQ(ask("/api/v1/share/" + share + "/rows", bearer + "x").status, 401);
    EXPECT_EQ(ask("/api/v1/share/none/rows", bearer).status, 401);
    for (const char* query : {"fields=account", "f.account=6222", "f.name=x", "f.town=210299002"}) {
        EXPECT_EQ(ask("/api/v1/share/" + share + "/rows?" + query, bearer).status, 403) << query;
        EXPECT_EQ(world.hub.audit.events.back().type, "share.refused");
    }
    for (const char* query : {"sort=account", "limit=0", "limit=5001", "limit=1&limit=2", "cursor=AAAA", "as_of=now",
                              "as_of=2999-01-01", "f.month=1&f.month=2", "f.id=1%20OR%201=1"}) {
        EXPECT_EQ(ask("/api/v1/share/" + share + "/rows?" + query, bearer).status, 400) << query;
    }
    EXPECT_EQ(ask("/api/v1/share/" + share + "/changes?f.id=1", bearer).status, 400);
    EXPECT_EQ(ask("/api/v1/share/" + share + "/changes?since=AAAA", bearer).status, 400);
}

TEST_F(ShareRowsApiTest, SaysWhenTheQuotaIsRenewed) {
    Json terms = catalog::test::ShareWorld::terms();
    terms["calls_per_day"] = 1;
    const std::string share = contract(terms);
    const std::string bearer = token(share);
    EXPECT_EQ(ask("/api/v1/share/" + share + "/rows", bearer).status, 200);
    const auto answer = ask("/api/v1/share/" + share + "/rows", bearer);
    EXPECT_EQ(answer.status, 429);
    const std::string after(answer.headers.first("Retry-After"));
    EXPECT_GT(std::atoi(after.c_str()), 0);
    EXPECT_LE(std::atoi(after.c_str()), 86400);
}

TEST_F(ShareRowsApiTest, GivesChangesFromWhereTheLastAnswerEnded) {
    const std::string share = contract();
    const std::string bearer = token(share);
    const Json first = world.body(ask("/api/v1/share/" + share + "/changes", bearer));
    EXPECT_EQ(first["changes"].size(), 2U) << first.dump();
    EXPECT_EQ(first["more"], false);
    const Json second = world.body(ask(
        "/api/v1/share/" + share + "/changes?since=" + core::percentEncode(first["since"].get<std::string>()), bearer));
    EXPECT_EQ(second["changes"].size(), 0U);
}

TEST_F(ShareRowsApiTest, LetsPeopleReadInTheirPostOnly) {
    const std::string share = contract();
    EXPECT_EQ(world.body(world.hub.get("/api/v1/share/" + share + "/rows"))["rows"].size(), 2U) << "renshe is a clerk";
    EXPECT_NE(world.hub.audit.last().find("share.read renshe"), std::string::npos);
    world.signIn("minzheng2", world.owner, "clerk");
    EXPECT_EQ(world.hub.get("/api/v1/share/" + share + "/rows").status, 403) << "not the unit that asked";
    world.signIn("renshe2", world.consumer, "auditor");
    EXPECT_EQ(world.hub.get("/api/v1/share/" + share + "/rows").status, 403) << "not a role of the contract";
    world.hub.cookies.clear();
    EXPECT_EQ(world.hub.get("/api/v1/share/" + share + "/rows").status, 401);
}

TEST_F(ShareRowsApiTest, HoldsPeopleOfACommunityToIt) {
    const std::string share = contract(catalog::test::ShareWorld::terms(), "210299001");
    world.signIn("shequ", world.community, "clerk");
    const Json rows = world.body(world.hub.get("/api/v1/share/" + share + "/rows"));
    ASSERT_EQ(rows["rows"].size(), 1U) << rows.dump();
    EXPECT_EQ(rows["rows"][0]["id"], "2");
}

}  // namespace
}  // namespace yimen::admin::test
