#include "unit/admin/data_fixture.h"

namespace yimen::admin {
namespace {

using DataApiTest = DataFixture;

TEST_F(DataApiTest, ListsTheCatalogueAndSaysWhatIsLate) {
    const core::Json items = get("/api/v1/data/items?q=%E7%BD%91%E6%A0%BC%E4%BA%8B%E4%BB%B6")["items"];
    ASSERT_EQ(items[0]["code"], "ZS-SQ-013");
    EXPECT_EQ(items[0]["supplied"], true);
    EXPECT_EQ(items[0]["late"], true) << "it never ran";
    EXPECT_TRUE(items[0]["last_run"].is_null());
    EXPECT_EQ(items[1]["supplied"], false);
    EXPECT_EQ(items[1]["late"], false) << "nothing is promised yet";
    EXPECT_EQ(get("/api/v1/data/items")["items"].size(), 260U);
}

TEST_F(DataApiTest, ShowsTheLastRunWithItsCounters) {
    const auto run = desk.shared().runs->begin("ZS-SQ-013", sync::ReadMode::kFull, "v1");
    ASSERT_TRUE(run.ok());
    ASSERT_TRUE(desk.shared().runs->finish(run->id, sync::RunState::kFailed, "source gone").ok());
    const core::Json item = get("/api/v1/data/items/ZS-SQ-013");
    EXPECT_EQ(item["last_run"]["state"], "failed");
    EXPECT_EQ(item["last_run"]["error"], "source gone");
    EXPECT_EQ(item["last_run"]["counters"]["read"], 0);
    EXPECT_EQ(item["late"], false);
    EXPECT_EQ(item["fields"][0]["name"], "event_no");
    EXPECT_EQ(get("/api/v1/sync/runs?item=ZS-SQ-013")["items"].size(), 1U);
    EXPECT_EQ(get("/api/v1/sync/runs?item=ZS-SQ-014")["items"].size(), 0U);
}

TEST_F(DataApiTest, ActsOnJobsAndWritesItDown) {
    ASSERT_TRUE(desk.shared().board->declare({{"ZS-SQ-013", 0}}).ok());
    EXPECT_EQ(hub.api("POST", "/api/v1/sync/jobs/ZS-SQ-013", {{"action", "run_full"}}).status, 200);
    EXPECT_EQ(desk.woken, 1);
    EXPECT_NE(hub.audit.last().find("sync.job.run_full sunzhuan"), std::string::npos) << hub.audit.last();
    EXPECT_TRUE(desk.shared().board->list().value()[0].full);
    EXPECT_EQ(hub.api("POST", "/api/v1/sync/jobs/ZS-SQ-013", {{"action", "pause"}}).status, 200);
    EXPECT_EQ(get("/api/v1/sync/jobs")["items"][0]["paused"], true);
    EXPECT_EQ(hub.api("POST", "/api/v1/sync/jobs/ZS-SQ-013", {{"action", "cancel"}}).status, 409) << "it does not run";
    EXPECT_EQ(hub.api("POST", "/api/v1/sync/jobs/ZS-SQ-013", {{"action", "explode"}}).status, 400);
    EXPECT_EQ(hub.api("POST", "/api/v1/sync/jobs/ZS-XX-000", {{"action", "run"}}).status, 404);
}

TEST_F(DataApiTest, ShowsWhatRunsNow) {
    ASSERT_TRUE(desk.shared().board->declare({{"ZS-SQ-013", 0}}).ok());
    auto progress = std::make_shared<sync::Progress>();
    progress->read = 42;
    desk.now = {{"ZS-SQ-013", progress}};
    EXPECT_EQ(get("/api/v1/sync/jobs")["items"][0]["progress"]["read"], 42);
    EXPECT_EQ(hub.api("POST", "/api/v1/sync/jobs/ZS-SQ-013", {{"action", "cancel"}}).status, 200);
}

}  // namespace
}  // namespace yimen::admin
