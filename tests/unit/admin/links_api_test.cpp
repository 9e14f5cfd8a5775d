#include "admin/api.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

const std::string kLinks = "/api/v1/me/links";

class LinksApiTest : public testing::Test {
protected:
    LinksApiTest() {
        EXPECT_TRUE(mountLinks(hub.router, hub.context).ok());
        person = hub.signIn("gaofeng", "210299D07", "leader");
    }
    core::Json call(const std::string& method, const std::string& path, int status, const core::Json& body = {}) {
        const auto answer = hub.api(method, path, body);
        EXPECT_EQ(answer.status, status) << method << ' ' << path << ' ' << answer.body;
        return answer.body.empty() ? core::Json() : core::parseJson(answer.body).value();
    }
    core::Json link(const std::string& system) {
        const core::Json all = call("GET", kLinks, 200);
        for (const auto& one : all["items"]) {
            if (one["system"] == system) return one;
        }
        return {};
    }
    void keep() {
        const vault::Fields account{{"username", core::Secret("gf")}, {"password", core::Secret("s3cret-Password")}};
        EXPECT_TRUE(hub.context.hub.vault.put({person, "qu-tourism"}, account, store::LinkState::kLinked).ok());
    }

    web::test::HubWorld hub;
    identity::PersonId person = 0;
};

TEST_F(LinksApiTest, ShowsWhichAccountsAreOnesOwnAndWhatTheyNeed) {
    const auto tourism = link("qu-tourism");
    EXPECT_EQ(tourism["mode"], "own");
    EXPECT_EQ(tourism["state"], "unlinked");
    EXPECT_TRUE(tourism["account"].is_null());
    ASSERT_FALSE(tourism["fields"].empty());
    EXPECT_TRUE(std::any_of(tourism["fields"].begin(), tourism["fields"].end(),
                            [](const core::Json& field) { return field["secret"] == true; }));
    const core::Json all = call("GET", kLinks, 200);
    for (const auto& one : all["items"]) {
        EXPECT_EQ(one["fields"].empty(), one["mode"] != "own") << one["system"];
    }
}

TEST_F(LinksApiTest, NeverShowsAnAccountThatIsKept) {
    keep();
    const auto answer = hub.api("GET", kLinks);
    EXPECT_EQ(link("qu-tourism")["state"], "linked");
    EXPECT_EQ(answer.body.find("s3cret-Password"), std::string::npos);
    EXPECT_EQ(answer.body.find("\"gf\""), std::string::npos);
}

TEST_F(LinksApiTest, RefusesWhatIsNoAccountBeforeAnythingIsSent) {
    for (const core::Json& bad :
         {core::Json{{"fields", core::Json::object()}}, core::Json{{"field", core::Json::object()}},
          core::Json{{"fields", {{"username", ""}, {"password", "x"}}}},
          core::Json{{"fields", {{"username", "x"}, {"password", 7}}}},
          core::Json{{"fields", {{"username", "x"}, {"password", std::string(1025, 'x')}}}}, core::Json::array()}) {
        const auto problem = call("POST", kLinks + "/qu-tourism", 422, bad);
        EXPECT_EQ(problem["code"], "invalid_field") << bad.dump();
        EXPECT_EQ(problem["step"], "account");
    }
    EXPECT_TRUE(hub.audit.events.empty()) << "nothing was tried";
    EXPECT_EQ(link("qu-tourism")["state"], "unlinked");
}

TEST_F(LinksApiTest, AnAccountThatDidNotWorkIsNotKept) {
    // Nobody answers at the system's address here.
    const auto answer = hub.api("POST", kLinks + "/qu-tourism", {{"fields", {{"username", "gf"}, {"password", "pw"}}}});
    EXPECT_GE(answer.status, 400);
    EXPECT_EQ(link("qu-tourism")["state"], "unlinked");
    EXPECT_EQ(answer.body.find("pw\""), std::string::npos);
}

TEST_F(LinksApiTest, ForgetsAnAccountAndSaysSoInTheAuditLog) {
    keep();
    call("DELETE", kLinks + "/qu-tourism", 204);
    EXPECT_EQ(hub.audit.events.back().type, "link.removed");
    EXPECT_EQ(hub.audit.events.back().system, "qu-tourism");
    EXPECT_EQ(link("qu-tourism")["state"], "unlinked");
    call("DELETE", kLinks + "/qu-tourism", 204);
    EXPECT_EQ(call("POST", kLinks + "/qu-tourism/test", 409)["code"], "not_linked");
}

TEST_F(LinksApiTest, TouchesNoSystemThatThePersonMayNotEnterOrThatOthersKeep) {
    for (const auto& [method, tail] : {std::pair("POST", ""), std::pair("DELETE", ""), std::pair("POST", "/test")}) {
        EXPECT_EQ(call(method, kLinks + "/no-such" + tail, 404)["code"], "not_found");
        if (link("dl-video").is_null()) continue;
        EXPECT_EQ(call(method, kLinks + "/dl-video" + tail, 409)["code"], "managed");
    }
    EXPECT_FALSE(link("dl-video").is_null()) << "a leader may enter it";
}

}  // namespace
}  // namespace yimen::admin
