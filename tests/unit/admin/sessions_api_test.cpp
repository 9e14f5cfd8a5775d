#include "admin/api.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

const std::string kMine = "/api/v1/me/sessions";
const std::string kAll = "/api/v1/admin/sessions";

class SessionsApiTest : public testing::Test {
protected:
    SessionsApiTest() { EXPECT_TRUE(mountSessions(hub.router, hub.context).ok()); }
    core::Json call(const std::string& method, const std::string& path, int status) {
        const auto answer = hub.api(method, path);
        EXPECT_EQ(answer.status, status) << method << ' ' << path << ' ' << answer.body;
        return answer.body.empty() ? core::Json() : core::parseJson(answer.body).value();
    }
    /// Another browser of the same person.
    std::string another(identity::PersonId person, const std::string& ip = "10.9.9.9") {
        hub.world.clock.advance(std::chrono::seconds(5));
        auto made = hub.sessions.create({person, 0, identity::Assurance::kPassword, ip, "Edge"});
        EXPECT_TRUE(made.ok());
        hub.world.clock.advance(std::chrono::seconds(30));
        return made->session->id().hex();
    }

    web::test::HubWorld hub;
};

TEST_F(SessionsApiTest, ShowsOnesOwnNewestFirstAndWhichIsThisOne) {
    const auto person = hub.signIn("wangmin", "210299D03", "clerk");
    const std::string current = hub.session->id().hex();
    const std::string other = another(person);
    const auto items = call("GET", kMine, 200)["items"];
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0]["id"], current) << "this very call was a visit";
    EXPECT_EQ(items[0]["current"], true);
    EXPECT_EQ(items[1]["id"], other);
    EXPECT_EQ(items[1]["current"], false);
    EXPECT_EQ(items[1]["user_agent"], "Edge");
    EXPECT_FALSE(items[1]["place"].get<std::string>().empty()) << "the zone that the rules know";
}

TEST_F(SessionsApiTest, EndsOnesOwnAndNobodyElses) {
    const auto stranger = hub.signIn("sunyue", "210299D02", "clerk");
    const std::string theirs = hub.session->id().hex();
    const auto person = hub.signIn("wangmin", "210299D03", "clerk");
    const std::string mine = another(person);
    EXPECT_EQ(call("DELETE", kMine + "/" + theirs, 404)["code"], "not_found") << "and it is not told that it exists";
    EXPECT_EQ(hub.sessions.ofPerson(stranger).size(), 1U);
    for (const char* bad : {"x", "00", "ffffffffffffffffffffffffffffffff"}) call("DELETE", kMine + "/" + bad, 404);
    call("DELETE", kMine + "/" + mine, 204);
    EXPECT_EQ(hub.audit.last().find("session.ended wangmin of wangmin"), 0U) << hub.audit.last();
    EXPECT_EQ(hub.sessions.ofPerson(person).size(), 1U);
    call("DELETE", kMine + "/" + mine, 404);
}

TEST_F(SessionsApiTest, EndsAllOthersButThisOne) {
    const auto person = hub.signIn("wangmin", "210299D03", "clerk");
    another(person);
    another(person);
    EXPECT_EQ(call("DELETE", kMine, 200)["ended"], 2);
    ASSERT_EQ(hub.sessions.ofPerson(person).size(), 1U);
    EXPECT_EQ(hub.sessions.ofPerson(person)[0]->id(), hub.session->id());
    EXPECT_NE(hub.audit.last().find("count=2"), std::string::npos);
}

TEST_F(SessionsApiTest, WhatCannotBeAuditedIsNotAnsweredAsDone) {
    const auto person = hub.signIn("wangmin", "210299D03", "clerk");
    const std::string mine = another(person);
    hub.audit.down = true;
    EXPECT_EQ(hub.api("DELETE", kMine + "/" + mine).status, 503);
    EXPECT_EQ(hub.sessions.ofPerson(person).size(), 1U) << "to end too much is the safe side";
}

TEST_F(SessionsApiTest, AdministratorsSeeEverybodysByPage) {
    const auto clerk = hub.signIn("wangmin", "210299D03", "clerk");
    call("GET", kAll, 403);
    call("DELETE", kAll + "/" + hub.session->id().hex(), 403);
    another(clerk);
    hub.signIn("zhaoan", "210299D13", "security_admin");
    auto page = call("GET", kAll + "?limit=2", 200);
    EXPECT_EQ(page["count"], 3);
    ASSERT_EQ(page["items"].size(), 2U);
    EXPECT_EQ(page["items"][0]["username"], "zhaoan");
    page = call("GET", kAll + "?limit=2&cursor=" + page["next"].get<std::string>(), 200);
    EXPECT_EQ(page["items"].size(), 1U);
    EXPECT_TRUE(page["next"].is_null());
    EXPECT_EQ(call("GET", kAll + "?q=wangmin", 200)["count"], 2);
    EXPECT_EQ(call("GET", kAll + "?q=nobody", 200)["count"], 0);
    for (const char* odd : {"cursor=-1", "cursor=x", "cursor=999999999", "limit=0", "limit=99999999999999999999"})
        call("GET", kAll + "?" + odd, 200);
    const std::string theirs = hub.sessions.ofPerson(clerk)[0]->id().hex();
    call("DELETE", kAll + "/" + theirs, 204);
    EXPECT_EQ(hub.audit.last().find("session.ended zhaoan of wangmin"), 0U) << hub.audit.last();
    EXPECT_EQ(hub.sessions.ofPerson(clerk).size(), 1U);
}

}  // namespace
}  // namespace yimen::admin
