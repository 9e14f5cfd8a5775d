#include "unit/admin/fake_operations.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

class OperationsApiTest : public testing::Test {
protected:
    OperationsApiTest() { EXPECT_TRUE(mountOperations(hub.router, hub.context, operations).ok()); }
    core::Json call(const std::string& method, const std::string& path, int status) {
        const auto answer = hub.api(method, path);
        EXPECT_EQ(answer.status, status) << method << ' ' << path << ' ' << answer.body;
        return answer.body.empty() ? core::Json() : core::parseJson(answer.body).value();
    }

    test::FakeOperations operations;
    web::test::HubWorld hub;
};

TEST_F(OperationsApiTest, EachOfTheThreeAdministratorsDoesTheirOwn) {
    hub.signIn("wangmin", "210299D03", "clerk");
    call("GET", "/api/v1/admin/adapters", 403);
    call("POST", "/api/v1/admin/reload", 403);
    call("GET", "/api/v1/admin/audit/verify", 403);
    hub.signIn("shenji", "210299D13", "auditor");
    call("POST", "/api/v1/admin/reload", 403);
    EXPECT_EQ(call("GET", "/api/v1/admin/audit/verify", 200)["records"], 1000);
    hub.signIn("ligong", "210299D01", "system_admin");
    call("GET", "/api/v1/admin/audit/verify", 403);
    EXPECT_EQ(operations.reloads, 0);
    EXPECT_EQ(call("POST", "/api/v1/admin/reload", 200)["generation"], 7);
    EXPECT_EQ(operations.reloads, 1);
    EXPECT_EQ(hub.audit.last(), "config.reloaded ligong");
}

TEST_F(OperationsApiTest, AReloadThatIsRefusedNamesEveryFaultAndIsAudited) {
    hub.signIn("ligong", "210299D01", "system_admin");
    operations.faults = {"adapters/a/manifest.yaml:3:1: unknown key", "policies/x.yaml:1:1: empty"};
    const auto problem = call("POST", "/api/v1/admin/reload", 422);
    EXPECT_EQ(problem["code"], "config");
    ASSERT_EQ(problem["fields"].size(), 2U);
    EXPECT_EQ(problem["fields"][0]["name"], "adapters/a/manifest.yaml:3:1");
    ASSERT_FALSE(hub.audit.events.empty());
    EXPECT_EQ(hub.audit.events.back().result, audit::AuditResult::kFailed);
}

TEST_F(OperationsApiTest, ABrokenChainSaysWhereItBreaks) {
    hub.signIn("shenji", "210299D13", "auditor");
    operations.chain = {false, 1000, 17, "abc"};
    const auto state = call("GET", "/api/v1/admin/audit/verify", 200);
    EXPECT_EQ(state["ok"], false);
    EXPECT_EQ(state["first_bad"], 17);
    EXPECT_EQ(hub.audit.last(), "audit.verified shenji");
}

TEST_F(OperationsApiTest, ListsAdaptersWithWhatTheyAre) {
    hub.signIn("ligong", "210299D01", "system_admin");
    const auto items = call("GET", "/api/v1/admin/adapters", 200)["items"];
    const auto video =
        std::find_if(items.begin(), items.end(), [](const auto& one) { return one["id"] == "dl-video"; });
    ASSERT_NE(video, items.end());
    EXPECT_EQ((*video)["state"], "active");
    EXPECT_FALSE((*video)["login_kind"].template get<std::string>().empty());
}

}  // namespace
}  // namespace yimen::admin
