#include <future>

#include "unit/web/fixture.h"

namespace yimen::web {
namespace {

using test::fieldOf;
using test::kHub;

class LogoutPageTest : public testing::Test {
protected:
    LogoutPageTest() {
        EXPECT_TRUE(mountLogout(hub.router, hub.context).ok());
        hub.signIn("gaofeng", "210299D07", "leader");
    }
    bool alive() { return hub.sessions.find(hub.session->id()) != nullptr; }
    /// The session uses the video system and is signed on there.
    void use(const identity::SessionHandle& session) {
        auto& systems = hub.context.hub.systems;
        std::promise<void> done;
        systems.signOn(systems.enter(*session, hub.video.adapter), 0, false, [&](const auto&) { done.set_value(); });
        done.get_future().wait();
    }
    test::HubWorld hub;
};

TEST_F(LogoutPageTest, EndsTheSessionAndOnlyThisOne) {
    const auto mine = hub.session;
    const std::string cookie = hub.cookies[kHub];
    const auto elsewhere = hub.sessions.create({mine->person(), 0, identity::Assurance::kPassword, "10.1.2.4", "Edge"});
    ASSERT_TRUE(elsewhere.ok());
    const auto done = hub.post("/logout", {{"csrf", fieldOf(hub.get("/logout"), "csrf")}});
    EXPECT_EQ(done.status, 200);
    EXPECT_FALSE(alive());
    EXPECT_TRUE(hub.sessions.find(elsewhere->session->id()));
    EXPECT_FALSE(hub.sessions.check(cookie, identity::kHubPurpose).session) << "a kept copy is worth nothing";
    EXPECT_EQ(test::cookieAttributes(done, kHub), "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    EXPECT_EQ(done.headers.first("Clear-Site-Data"), "\"cache\"") << "the way back must not show a page of the person";
    EXPECT_EQ(hub.audit.last(), "logout gaofeng");
}

TEST_F(LogoutPageTest, LeavesTheSystemsThatNoOtherSessionUses) {
    use(hub.session);
    const auto first = hub.session;
    hub.session =
        hub.sessions.create({first->person(), 0, identity::Assurance::kPassword, "10.1.2.4", "Edge"})->session;
    use(hub.session);
    const auto done = hub.post("/logout", {{"csrf", fieldOf(hub.get("/logout"), "csrf")}});
    EXPECT_EQ(hub.audit.last(), "logout gaofeng system.dl-video=kept");
    EXPECT_NE(done.body.find("Police video sharing"), std::string::npos);
    EXPECT_EQ(hub.video.script->count(&gateway::test::FakeEngine::Script::signOffs), 0);
    hub.cookies[kHub] = hub.sessions.ticketFor(*hub.session, identity::kHubPurpose).value();
    hub.post("/logout", {{"csrf", fieldOf(hub.get("/logout"), "csrf")}});
    EXPECT_EQ(hub.audit.last(), "logout gaofeng system.dl-video=not_needed");
    EXPECT_EQ(hub.video.script->count(&gateway::test::FakeEngine::Script::signOffs), 1);
}

TEST_F(LogoutPageTest, AsksAgainWhenTheFormIsNotItsOwn) {
    const std::string token = fieldOf(hub.get("/logout"), "csrf");
    const auto stays = [&](const core::FormPairs& fields, const char* why) {
        const auto answer = hub.post("/logout", fields);
        EXPECT_TRUE(alive()) << why;
        EXPECT_EQ(fieldOf(answer, "csrf"), token) << "one press more: " << why;
    };
    stays({}, "no token");
    stays({{"csrf", token + "x"}}, "another token");
    stays({{"csrf", token}, {"csrf", token}}, "twice");
    hub.origin = "https://evil.example";
    stays({{"csrf", token}}, "another site");
    EXPECT_TRUE(hub.audit.events.empty());
}

TEST_F(LogoutPageTest, HasADoneAnswerForWhoIsOutAlready) {
    hub.cookies.clear();
    EXPECT_EQ(test::location(hub.get("/logout")), "/login?to=%2Flogout");
    const auto done = hub.post("/logout", {{"csrf", "of-yesterday"}});
    EXPECT_EQ(done.status, 200);
    EXPECT_EQ(test::cookieAttributes(done, kHub), "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    EXPECT_TRUE(hub.audit.events.empty());
}

TEST_F(LogoutPageTest, SignsOutEvenWithoutTheAuditLine) {
    const std::string token = fieldOf(hub.get("/logout"), "csrf");
    hub.audit.down = true;
    EXPECT_EQ(hub.post("/logout", {{"csrf", token}}).status, 200);
    EXPECT_FALSE(alive());
}

}  // namespace
}  // namespace yimen::web
