#include "crypto/ticket.h"
#include "unit/web/fixture.h"

namespace yimen::web {
namespace {

using std::chrono::minutes;
using test::cookieAttributes;
using test::fieldOf;
using test::kHub;
using test::location;

class AccountPagesTest : public testing::Test {
protected:
    AccountPagesTest() {
        EXPECT_TRUE(mountLogin(hub.router, hub.context).ok());
        EXPECT_TRUE(mountAccount(hub.router, hub.context).ok());
    }
    static bool has(const http::Response& answer, std::string_view text) {
        return answer.body.find(text) != std::string::npos;
    }
    test::HubWorld hub;
};

class ChangePageTest : public AccountPagesTest {
protected:
    ChangePageTest() {
        person = hub.signIn("gaofeng", "210299D07", "leader");
        hub.cookies.clear();
        EXPECT_TRUE(hub.world.stores.credentials->set({person, "new:Right-1", hub.world.clock.wall(), true}, 1).ok());
    }
    /// The right password, which must be replaced.
    void signInWithTheOld() {
        const auto shown = hub.get("/login?to=%2Fgo%2Fdl-video");
        const auto done =
            hub.post("/login", {{"csrf", fieldOf(shown, "csrf")}, {"username", "gaofeng"}, {"password", "Right-1"}});
        EXPECT_EQ(location(done), "/password?to=%2Fgo%2Fdl-video");
    }
    http::Response page() { return hub.get("/password?to=%2Fgo%2Fdl-video"); }
    http::Response change(const std::string& current, const std::string& next, const std::string& again) {
        return hub.post("/password",
                        {{"csrf", fieldOf(page(), "csrf")}, {"current", current}, {"next", next}, {"again", again}});
    }
    identity::PersonId person = 0;
    const std::string fresh = "Lighthouse-Key-7";
};

TEST_F(ChangePageTest, SignsInWithTheNewPasswordAndEndsEveryOtherSession) {
    const auto elsewhere = hub.session;
    signInWithTheOld();
    const auto done = change("Right-1", fresh, fresh);
    EXPECT_EQ(done.status, 303);
    EXPECT_EQ(location(done), "/go/dl-video");
    EXPECT_TRUE(hub.sessions.check(hub.cookies[kHub], identity::kHubPurpose).session);
    EXPECT_EQ(cookieAttributes(done, kChangeCookie), "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    EXPECT_FALSE(hub.sessions.find(elsewhere->id())) << "whoever knew the old one may be in there";
    ASSERT_EQ(hub.audit.events.size(), 2U);
    EXPECT_EQ(hub.audit.events[0].type, "password.changed");
    EXPECT_EQ(hub.audit.last(), "login.ok gaofeng");
}

TEST_F(ChangePageTest, NeedsTheNoteOfASignIn) {
    EXPECT_EQ(location(page()), "/login");
    EXPECT_EQ(location(hub.post("/password", {{"next", fresh}})), "/login");
    signInWithTheOld();
    const std::string note = hub.cookies[kChangeCookie];
    EXPECT_EQ(page().status, 200);
    hub.cookies[kChangeCookie] = note + "A";
    EXPECT_EQ(location(page()), "/login") << "changed";
    hub.cookies[kChangeCookie] = hub.sessions.ticketFor(*hub.session, identity::kHubPurpose).value();
    EXPECT_EQ(location(page()), "/login") << "a ticket for something else";
    hub.cookies[kChangeCookie] = note;
    hub.world.clock.advance(minutes(11));
    EXPECT_EQ(location(page()), "/login") << "too late";
}

TEST_F(ChangePageTest, SaysWhatIsWrongAndChangesNothing) {
    signInWithTheOld();
    const auto stays = [&](const http::Response& answer, std::string_view words) {
        EXPECT_EQ(answer.status, 422) << words;
        EXPECT_TRUE(has(answer, words));
        EXPECT_FALSE(has(answer, fresh)) << "no password on a page";
        EXPECT_FALSE(hub.cookies.contains(kHub));
        EXPECT_EQ(hub.world.stores.credentials->get(person).value()->encodedHash, "new:Right-1");
    };
    stays(change("Right-1", fresh, fresh + "x"), "The two passwords differ");
    stays(change("Wrong-1", fresh, fresh), "The current password is wrong");
    stays(change("Right-1", "short", "short"), "role=\"alert\"");
    stays(change("Right-1", "", ""), "role=\"alert\"");
}

TEST_F(ChangePageTest, IsNoPlaceToGuessThePassword) {
    signInWithTheOld();
    for (int i = 0; i < 12; ++i) {
        change("Wrong-1", fresh, fresh);
        hub.world.clock.advance(std::chrono::seconds(20));
    }
    const auto answer = change("Right-1", fresh, fresh);
    EXPECT_EQ(answer.status, 429);
    EXPECT_FALSE(hub.cookies.contains(kHub));
    EXPECT_EQ(hub.world.stores.credentials->get(person).value()->encodedHash, "new:Right-1");
}

TEST_F(ChangePageTest, RefusesAFormThatIsNotItsOwn) {
    signInWithTheOld();
    const std::string token = fieldOf(page(), "csrf");
    const auto refused = [&](const std::string& csrf) {
        const auto answer =
            hub.post("/password", {{"csrf", csrf}, {"current", "Right-1"}, {"next", fresh}, {"again", fresh}});
        EXPECT_EQ(answer.status, 403);
        EXPECT_EQ(hub.world.stores.credentials->get(person).value()->encodedHash, "new:Right-1");
    };
    refused("");
    refused("x" + token);
    hub.origin = "https://evil.example";
    refused(token);
}

TEST_F(ChangePageTest, LetsNobodyInWhoseAccountWasClosedMeanwhile) {
    signInWithTheOld();
    const auto shown = page();
    auto record = *hub.context.hub.directory.current()->person(person);
    record.state = store::PersonState::kDisabled;
    ASSERT_TRUE(hub.people.updatePerson(record).ok());
    const auto answer = hub.post(
        "/password", {{"csrf", fieldOf(shown, "csrf")}, {"current", "Right-1"}, {"next", fresh}, {"again", fresh}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_FALSE(hub.cookies.contains(kHub));
    EXPECT_EQ(hub.world.stores.credentials->get(person).value()->encodedHash, "new:Right-1");
}

class SetupPageTest : public AccountPagesTest {
protected:
    SetupPageTest() {
        hub.world.organisation("district", store::OrgKind::kDistrict, 0);
        EXPECT_TRUE(hub.context.hub.directory.reload().ok());
        const auto token = hub.oneTimeLinks.issue(identity::kFirstAdminPurpose, 0, minutes(30));
        EXPECT_TRUE(token.ok());
        link = "/setup/" + std::string(token->reveal());
    }
    http::Response submit(const core::FormPairs& change) {
        core::FormPairs fields{{"csrf", fieldOf(hub.get(link), "csrf")}};
        const auto given = [&](const std::string& name, const std::string& usual) {
            for (const auto& [key, value] : change) {
                if (key == name) return value;
            }
            return usual;
        };
        for (const auto& [name, usual] : core::FormPairs{{"username", "guanli"},
                                                         {"name", "管理员"},
                                                         {"password", "Lighthouse-Key-7"},
                                                         {"again", "Lighthouse-Key-7"}}) {
            fields.emplace_back(name, given(name, usual));
        }
        return hub.post(link, fields);
    }
    std::string link;
};

TEST_F(SetupPageTest, MakesOneSystemAdministratorOnce) {
    const auto done = submit({});
    EXPECT_EQ(done.status, 303);
    http::Request request;
    request.cookies.add(kHub, hub.cookies[kHub]);
    const auto caller = hub.context.guard.callerOf(request);
    ASSERT_TRUE(caller.ok());
    EXPECT_TRUE(caller->roles.has(identity::Role::kSystemAdmin));
    EXPECT_EQ(caller->roles.administratorCount(), 1U) << "nobody may do it all";
    ASSERT_EQ(hub.audit.events.size(), 2U);
    EXPECT_EQ(hub.audit.events[0].type, "admin.first_created");
    EXPECT_EQ(hub.audit.events[0].actor, "guanli");
    EXPECT_EQ(submit({{"username", "second"}}).status, 410);
    EXPECT_EQ(hub.context.hub.directory.current()->personByKey("second"), nullptr);
}

TEST_F(SetupPageTest, KeepsTheLinkWhenSomethingIsWrong) {
    hub.world.person("taken");
    ASSERT_TRUE(hub.context.hub.directory.reload().ok());
    EXPECT_EQ(submit({{"again", "Lighthouse-Key-8"}}).status, 422);
    EXPECT_EQ(submit({{"username", "a b"}}).status, 422);
    EXPECT_EQ(submit({{"password", "short"}, {"again", "short"}}).status, 422);
    EXPECT_EQ(submit({{"username", "Taken"}}).status, 422) << "whatever the case";
    const auto noName = submit({{"name", ""}});
    EXPECT_EQ(noName.status, 422);
    EXPECT_TRUE(has(noName, "value=\"guanli\"")) << "what was typed stays";
    EXPECT_EQ(submit({}).status, 303);
}

TEST_F(SetupPageTest, RefusesOtherLinksAndOtherForms) {
    const std::string good = link;
    hub.origin = "https://evil.example";
    EXPECT_EQ(submit({}).status, 403);
    hub.origin = "https://yimen.test";
    EXPECT_EQ(hub.post(link, {{"csrf", "x"}}).status, 403);
    const auto reset = hub.oneTimeLinks.issue(identity::kPasswordResetPurpose, 0, minutes(30));
    for (const std::string& other : {std::string("AAAA"), std::string(reset->reveal())}) {
        link = "/setup/" + other;
        EXPECT_EQ(submit({}).status, 410);
    }
    EXPECT_EQ(hub.context.hub.directory.current()->personByKey("guanli"), nullptr);
    link = good;
    hub.world.clock.advance(minutes(31));
    EXPECT_EQ(submit({}).status, 410);
}

}  // namespace
}  // namespace yimen::web
