#include "admin/api.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

class MeApiTest : public testing::Test {
protected:
    MeApiTest() {
        EXPECT_TRUE(mountMe(hub.router, hub.context).ok());
        person = hub.signIn("wangmin", "210299D03", "clerk");
    }
    core::Json call(const std::string& method, const std::string& path, int status, const core::Json& body = {}) {
        const auto answer = hub.api(method, path, body);
        EXPECT_EQ(answer.status, status) << method << ' ' << path << ' ' << answer.body;
        return answer.body.empty() ? core::Json() : core::parseJson(answer.body).value();
    }
    core::Json password(const std::string& current, const std::string& next, int status) {
        return call("PUT", "/api/v1/me/password", status, {{"current", current}, {"next", next}});
    }

    web::test::HubWorld hub;
    identity::PersonId person = 0;
};

TEST_F(MeApiTest, TellsWhoOneIsAndGivesTheTokenOfThisSession) {
    const auto me = call("GET", "/api/v1/me", 200);
    EXPECT_EQ(me["username"], "wangmin");
    EXPECT_EQ(me["roles"], core::Json({"clerk"}));
    EXPECT_EQ(me["admin"], false);
    EXPECT_EQ(me["posts"].size(), 1U);
    EXPECT_EQ(me["acting_post"], me["posts"][0]["id"]);
    EXPECT_EQ(me["csrf_token"], hub.context.hub.csrf.tokenFor(hub.session->id().hex()));
    EXPECT_EQ(me["preferences"]["theme"], "system");
}

TEST_F(MeApiTest, ActsInAPostThatOneHoldsAndInNoOther) {
    store::PostRecord second;
    second.person = person;
    second.org = hub.world.organisation("210299S01", store::OrgKind::kStreet, 0);
    second.title = "网格员";
    second.roles = "grid_worker";
    const auto post = hub.world.stores.posts->create(second);
    ASSERT_TRUE(post.ok() && hub.context.hub.directory.reload().ok());
    const std::string id = std::to_string(post->id);
    EXPECT_EQ(call("PUT", "/api/v1/me/acting-post", 200, {{"post_id", id}})["acting_post"], id);
    EXPECT_EQ(hub.audit.last(), "post.changed wangmin of " + id);
    EXPECT_EQ(call("PUT", "/api/v1/me/acting-post", 404, {{"post_id", "999"}})["code"], "not_found");
    EXPECT_EQ(call("PUT", "/api/v1/me/acting-post", 422, {{"post", id}})["code"], "invalid_field");
    EXPECT_EQ(call("GET", "/api/v1/me", 200)["acting_post"], id);
}

TEST_F(MeApiTest, KeepsThePreferencesItKnows) {
    const core::Json wanted{{"theme", "dark"}, {"size", "large"}, {"locale", "en"}};
    EXPECT_EQ(call("PUT", "/api/v1/me/preferences", 200, wanted), wanted);
    EXPECT_EQ(call("GET", "/api/v1/me", 200)["preferences"], wanted);
    for (const core::Json& bad : {core::Json{{"theme", "pink"}, {"size", "large"}, {"locale", "en"}},
                                  core::Json{{"theme", "dark"}, {"size", "large"}},
                                  core::Json{{"theme", "dark"}, {"size", "large"}, {"locale", "en"}, {"more", "x"}},
                                  core::Json{{"theme", 7}, {"size", "large"}, {"locale", "en"}}}) {
        EXPECT_EQ(call("PUT", "/api/v1/me/preferences", 422, bad)["code"], "invalid_field") << bad.dump();
    }
    EXPECT_EQ(call("GET", "/api/v1/me", 200)["preferences"], wanted);
}

TEST_F(MeApiTest, ChangesThePasswordOfWhoeverKnowsItAndEndsOtherSessions) {
    EXPECT_EQ(password("Wrong-1", "Another-Good-2", 422)["code"], "bad_password");
    EXPECT_EQ(password("Right-1", "short", 422)["code"], "password_rule");
    ASSERT_TRUE(hub.sessions.create({person, 0, identity::Assurance::kPassword, "10.9.9.9", "Edge"}).ok());
    EXPECT_EQ(password("Right-1", "Another-Good-2", 200)["ended_sessions"], 1);
    EXPECT_EQ(hub.sessions.ofPerson(person).size(), 1U) << "this one stays";
    EXPECT_EQ(hub.audit.last().find("password.changed wangmin"), 0U);
    EXPECT_EQ(password("Right-1", "Another-Good-3", 422)["code"], "bad_password") << "the old one is gone";
}

TEST_F(MeApiTest, AFewWrongPasswordsAreEnough) {
    int throttled = 0;
    for (int i = 0; i < 30 && throttled == 0; ++i) {
        const auto answer = hub.api("PUT", "/api/v1/me/password", {{"current", "guess"}, {"next", "Another-Good-2"}});
        throttled += answer.status == 429 ? 1 : 0;
    }
    EXPECT_EQ(throttled, 1) << "a session left open is no place to guess at";
}

TEST_F(MeApiTest, SignsInAgainUnderAnOpenPageFromThisOriginOnly) {
    hub.cookies.clear();
    hub.session = nullptr;
    const core::Json right{{"username", "wangmin"}, {"password", "Right-1"}};
    EXPECT_EQ(call("POST", "/api/v1/session", 401, {{"username", "wangmin"}, {"password", "x"}})["code"],
              "bad_credentials");
    EXPECT_EQ(call("POST", "/api/v1/session", 401, {{"username", "nobody"}, {"password", "x"}})["code"],
              "bad_credentials");
    const auto answer = hub.api("POST", "/api/v1/session", right);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_NE(answer.headers.first("Set-Cookie").find(web::kHubCookie), std::string_view::npos);
    hub.origin = "https://evil.example";
    EXPECT_EQ(call("POST", "/api/v1/session", 403, right)["code"], "csrf");
}

}  // namespace
}  // namespace yimen::admin
