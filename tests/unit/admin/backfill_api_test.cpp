#include "unit/admin/data_fixture.h"

namespace yimen::admin {
namespace {

class BackfillApiTest : public DataFixture {
protected:
    BackfillApiTest() { EXPECT_TRUE(desk.shared().board->declare({{"ZS-SQ-013", 0}}).ok()); }
    http::Response ask(const core::Json& body, const std::string& item = "ZS-SQ-013") {
        return hub.api("POST", "/api/v1/data/items/" + item + "/backfill", body);
    }
};

TEST_F(BackfillApiTest, SaysWhatWouldBeReadAndBeginsNothing) {
    const auto answer = ask({{"from", "E1"}, {"dry_run", true}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto plan = core::parseJson(answer.body).value();
    EXPECT_EQ(plan["column"], "event_no");
    EXPECT_EQ(plan["from"], "E1");
    EXPECT_EQ(plan["columns"].size(), 2U);
    EXPECT_EQ(plan["selective"], true);
    EXPECT_EQ(plan["started"], false);
    EXPECT_EQ(ask({{"dry_run", true}}).status, 200) << "for the form: which columns there are";
    EXPECT_TRUE(get("/api/v1/sync/jobs")["items"][0]["backfill"].is_null());
    EXPECT_EQ(desk.woken, 0);
}

TEST_F(BackfillApiTest, BeginsAndIsSeenAmongTheJobsUntilItIsCancelled) {
    EXPECT_EQ(ask({{"column", "updated_at"}, {"from", "2026"}, {"to", "2027"}, {"dry_run", false}}).status, 200);
    EXPECT_NE(hub.audit.last().find("sync.backfill.start sunzhuan"), std::string::npos) << hub.audit.last();
    EXPECT_EQ(desk.woken, 1);
    const core::Json jobs = get("/api/v1/sync/jobs")["items"];
    ASSERT_EQ(jobs.size(), 1U) << "one line for the item";
    EXPECT_EQ(jobs[0]["backfill"]["column"], "updated_at");
    EXPECT_EQ(jobs[0]["backfill"]["to"], "2027");
    EXPECT_EQ(jobs[0]["backfill"]["state"], "waiting");
    EXPECT_EQ(ask({{"from", "1"}, {"dry_run", false}}).status, 409) << "one at a time";

    ASSERT_TRUE(desk.shared().jobs->claim("node", std::chrono::seconds(30)).value());
    auto progress = std::make_shared<sync::Progress>();
    progress->read = 7;
    desk.now = {{"ZS-SQ-013:backfill", progress}};
    const core::Json running = get("/api/v1/sync/jobs")["items"][0];
    EXPECT_EQ(running["backfill"]["state"], "running");
    EXPECT_EQ(running["backfill"]["progress"]["read"], 7);
    EXPECT_TRUE(running["progress"].is_null()) << "the item's own run is another one";

    desk.now.clear();
    EXPECT_EQ(hub.api("DELETE", "/api/v1/data/items/ZS-SQ-013/backfill", core::Json::object()).status, 204);
    EXPECT_NE(hub.audit.last().find("sync.backfill.cancel sunzhuan"), std::string::npos) << hub.audit.last();
    EXPECT_EQ(desk.shared().jobs->cancelled("node").value(), std::vector<std::string>{"ZS-SQ-013:backfill"});
}

TEST_F(BackfillApiTest, RefusesWhatIsNoRangeOfTheItem) {
    EXPECT_EQ(ask({{"dry_run", false}}).status, 400) << "neither end";
    EXPECT_EQ(ask({{"from", "1"}}).status, 400);
    EXPECT_EQ(ask({{"from", 1}, {"dry_run", true}}).status, 400);
    EXPECT_EQ(ask({{"from", std::string(201, '1')}, {"dry_run", true}}).status, 400);
    EXPECT_EQ(ask({{"column", "nix"}, {"from", "1"}, {"dry_run", true}}).status, 400);
    EXPECT_EQ(ask({{"from", "1"}, {"dry_run", false}}, "ZS-XX-000").status, 404);
    EXPECT_EQ(hub.api("DELETE", "/api/v1/data/items/ZS-SQ-013/backfill", core::Json::object()).status, 409);
    hub.signIn("chenke", "210299D12", "clerk");
    EXPECT_EQ(ask({{"from", "1"}, {"dry_run", true}}).status, 403);
}

}  // namespace
}  // namespace yimen::admin
