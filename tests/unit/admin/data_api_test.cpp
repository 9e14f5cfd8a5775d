#include <gtest/gtest.h>

#include <filesystem>

#include "admin/data_desk.h"
#include "support/repository.h"
#include "sync/targets/sqlite_database.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

class PlainSealer final : public sync::Sealer {
public:
    core::Result<std::string> seal(std::string_view plain, std::string_view) override { return std::string(plain); }
    core::Result<std::string> unseal(std::string_view sealed, std::string_view) override { return std::string(sealed); }
};

/// The district's catalogue over an empty shared database; one item is supplied.
class TestDesk final : public DataDesk {
public:
    explicit TestDesk(const core::Clock& clock)
        : folder_(std::filesystem::temp_directory_path() / ("yimen-desk-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
        sync::TargetOptions options;
        options.clock = &clock;
        options.sealer = std::make_shared<PlainSealer>();
        shared_ = sync::sqlite::open((folder_ / "shared.db").string(), options).value();
        item.table.code = "ZS-SQ-013";
        item.table.table = "grid_event";
        item.table.schema.fields.resize(1);
        item.table.schema.fields[0] = {"event_no", "事件编号", sync::FieldType::kText, true, true};
    }
    ~TestDesk() override { std::filesystem::remove_all(folder_); }

    const catalog::Catalog& catalog() const override { return catalog_; }
    const sync::ItemSpec* spec(const std::string& code) const override {
        return code == item.table.code ? &item : nullptr;
    }
    sync::SharedDatabase& shared() override { return shared_; }
    std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>> running() const override { return now; }
    bool act(const std::string&, bool cancel) override {
        woken += cancel ? 0 : 1;
        return !now.empty();
    }

    core::Result<config::YamlDocument> document = config::YamlDocument::parse("{}", "data.yaml");
    sync::ItemSpec item{{}, {}, {}, {}, {}, sync::Contract::kEvolve, {}, {}, "v1", document->root(), document->root(),
                        {}, {}};
    std::vector<std::pair<std::string, std::shared_ptr<sync::Progress>>> now;
    int woken = 0;

private:
    std::filesystem::path folder_;
    catalog::Catalog catalog_ =
        catalog::Catalog::load(yimen::test::repository() + "/policies/catalog/items.json").value();
    sync::SharedDatabase shared_;
};

class DataApiTest : public ::testing::Test {
protected:
    DataApiTest() : desk(hub.world.clock) {
        EXPECT_TRUE(mountData(hub.router, hub.context, desk).ok());
        hub.signIn("sunzhuan", "210299D11", "data_steward");
    }
    core::Json get(const std::string& target) {
        const http::Response answer = hub.get(target);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return core::parseJson(answer.body).value();
    }
    web::test::HubWorld hub;
    TestDesk desk;
};

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

TEST_F(DataApiTest, GroupsDeadLettersByCause) {
    EXPECT_EQ(get("/api/v1/sync/dead-letters")["items"].size(), 0U);
}

}  // namespace
}  // namespace yimen::admin
