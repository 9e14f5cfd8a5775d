#include "unit/admin/fake_operations.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

class AuditApiTest : public testing::Test {
protected:
    AuditApiTest() {
        EXPECT_TRUE(mountAudit(hub.router, hub.context, operations).ok());
        hub.signIn("shenji", "210299D13", "auditor");
    }
    core::Json get(const std::string& query, int status = 200) {
        const auto answer = hub.get("/api/v1/admin/audit" + query);
        EXPECT_EQ(answer.status, status) << answer.body;
        return core::parseJson(answer.body).value();
    }
    test::FakeOperations operations;
    web::test::HubWorld hub;
};

TEST_F(AuditApiTest, SearchesByWhoWhatAndWhenAndWritesThatDown) {
    get("?actor=zhang&type=login.&object=ZS-SQ-013&from=2026-11-01&to=2026-11-02&before=77");
    EXPECT_EQ(operations.asked.actor, "zhang");
    EXPECT_EQ(operations.asked.type, "login.");
    EXPECT_EQ(operations.asked.object, "ZS-SQ-013");
    EXPECT_EQ(operations.asked.beforeSeq, 77U);
    EXPECT_EQ(operations.asked.limit, 50U);
    ASSERT_TRUE(operations.asked.from && operations.asked.to);
    EXPECT_EQ(*operations.asked.to - *operations.asked.from, std::chrono::hours(48)) << "the last day is in it";
    EXPECT_EQ(hub.audit.last().find("audit.read shenji"), 0U) << hub.audit.last();
    const auto& said = hub.audit.events.back().fields;
    EXPECT_NE(std::find(said.begin(), said.end(), std::pair<std::string, std::string>("actor", "zhang")), said.end());
}

TEST_F(AuditApiTest, GivesRecordsAndWhereItGoesOn) {
    audit::AuditRecord record;
    record.seq = 9;
    record.event.type = "login.failed";
    record.event.actor = "zhang";
    record.event.result = audit::AuditResult::kDenied;
    record.event.fields = {{"reason", "locked"}};
    operations.page = {{record}, 9, true};
    const core::Json page = get("");
    EXPECT_EQ(page["items"][0]["seq"], 9);
    EXPECT_EQ(page["items"][0]["result"], "denied");
    EXPECT_EQ(page["items"][0]["fields"]["reason"], "locked");
    EXPECT_EQ(page["next"], 9);
    EXPECT_EQ(page["cut"], true);
    operations.page = {};
    EXPECT_TRUE(get("")["next"].is_null());
}

TEST_F(AuditApiTest, RefusesWhatIsNoFilterAndWhoIsNoAuditor) {
    get("?from=yesterday", 400);
    get("?to=2026-02-30", 400);
    get("?before=x", 400);
    get("?before=0", 400);
    get("?actor=" + std::string(201, 'a'), 400);
    hub.signIn("ligong", "210299D01", "system_admin");
    get("", 403);
    EXPECT_EQ(hub.audit.last().find("audit.read"), std::string::npos) << "what was refused read nothing";
}

}  // namespace
}  // namespace yimen::admin
