#include "unit/web/fixture.h"

namespace yimen::web {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::cookieAttributes;
using test::fieldOf;
using test::kHub;
using test::location;

const std::string kLoginCookie = http::LoginForms::kCookie;

class LoginPageTest : public testing::Test {
protected:
    LoginPageTest() {
        EXPECT_TRUE(mountLogin(hub.router, hub.context).ok());
        person = hub.signIn("gaofeng", "210299D07", "leader");
        hub.cookies.clear();
    }
    http::Response page(const std::string& to) { return hub.get("/login?to=" + core::percentEncode(to)); }
    http::Response submit(const http::Response& shown, const std::string& name, const std::string& password) {
        return hub.post("/login", {{"csrf", fieldOf(shown, "csrf")},
                                   {"to", fieldOf(shown, "to")},
                                   {"username", name},
                                   {"password", password}});
    }
    bool signedIn() {
        http::Request request;
        request.cookies.add(kHub, hub.cookies[kHub]);
        return hub.context.guard.callerOf(request).ok();
    }
    /// The page without what differs from one answer to the next: the form's token and the name as typed.
    static std::string words(const http::Response& answer, const std::string& name) {
        std::string text = answer.body;
        for (const auto& part : {fieldOf(answer, "csrf"), "value=\"" + name + '"'}) {
            if (const auto at = text.find(part); at != std::string::npos) text.erase(at, part.size());
        }
        return std::to_string(answer.status) + std::string(answer.headers.first("Retry-After")) + text;
    }

    test::HubWorld hub;
    identity::PersonId person = 0;
};

TEST_F(LoginPageTest, GoesWhereThePersonWantedWithCookiesForThisHostOnly) {
    const auto done = submit(page("/go/dl-video?to=%2Fa"), "GaoFeng", "Right-1");
    EXPECT_EQ(done.status, 303) << "a reload must not send the password again";
    EXPECT_EQ(location(done), "/go/dl-video?to=%2Fa");
    EXPECT_EQ(cookieAttributes(done, kHub), "; Path=/; Secure; HttpOnly; SameSite=Lax") << "until the browser closes";
    EXPECT_EQ(cookieAttributes(done, kDeviceCookie), "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000");
    EXPECT_TRUE(signedIn());
    EXPECT_EQ(hub.audit.last(), "login.ok gaofeng");
}

TEST_F(LoginPageTest, TakesUpNoSessionThatWasThereBefore) {
    hub.signIn("sunyue", "210299D02", "clerk");
    const auto planted = hub.session;
    const std::string cookie = hub.cookies[kHub];
    hub.cookies[kLoginCookie] = std::string(24, 'A');
    // The form of an open tab: with a session the page itself only leads on.
    hub.cookies.erase(kHub);
    const auto shown = page("/");
    hub.cookies[kHub] = cookie;
    ASSERT_EQ(submit(shown, "gaofeng", "Right-1").status, 303);
    EXPECT_NE(hub.cookies[kHub], cookie);
    const auto now = hub.sessions.check(hub.cookies[kHub], identity::kHubPurpose);
    ASSERT_TRUE(now.session);
    EXPECT_EQ(now.session->person(), person);
    EXPECT_FALSE(hub.sessions.check(cookie, identity::kHubPurpose).session) << "nobody could sign it out any more";
    EXPECT_EQ(hub.sessions.find(planted->id()), nullptr);
}

TEST_F(LoginPageTest, KeepsTheDestinationOfEachTab) {
    const auto first = page("/go/dl-video");
    const auto second = page("/me/sessions");
    EXPECT_EQ(location(submit(second, "gaofeng", "Right-1")), "/me/sessions");
    const std::string before = hub.cookies[kHub];
    EXPECT_EQ(location(submit(first, "gaofeng", "Right-1")), "/go/dl-video");
    EXPECT_TRUE(signedIn());
    const auto kept = hub.sessions.check(before, identity::kHubPurpose).session;
    ASSERT_TRUE(kept) << "the other tab is still loading what it went to";
    EXPECT_EQ(hub.sessions.check(hub.cookies[kHub], identity::kHubPurpose).session, kept) << "one browser, one session";
    EXPECT_EQ(location(page("/me/links")), "/me/links") << "a third tab need not ask";
}

TEST_F(LoginPageTest, SendsNobodyElsewhere) {
    for (const char* evil : {"//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example",
                             "javascript:alert(1)", "https://yimen.test@evil.example/", "https://yimen.test.evil/",
                             "http://yimen.test/", "https://nobody.yimen.test/", "https:evil.example"}) {
        const auto shown = page(evil);
        EXPECT_EQ(fieldOf(shown, "to"), "/") << evil;
        const auto done = hub.post(
            "/login",
            {{"csrf", fieldOf(shown, "csrf")}, {"to", evil}, {"username", "gaofeng"}, {"password", "Right-1"}});
        EXPECT_EQ(location(done), "/") << evil;
        EXPECT_EQ(location(page(evil)), "/") << "signed in already: " << evil;
        hub.cookies.clear();
    }
    EXPECT_EQ(location(submit(page("https://dl-video.yimen.test/vms?x=1"), "gaofeng", "Right-1")),
              "https://dl-video.yimen.test/vms?x=1")
        << "an app of the hub is home";
}

TEST_F(LoginPageTest, SaysTheSameOfEveryWrongTry) {
    auto gone = *hub.context.hub.directory.current()->personByKey("gaofeng");
    gone.username = gone.usernameKey = "gone";
    gone.state = store::PersonState::kDisabled;
    const auto made = hub.people.createPerson(gone);
    ASSERT_TRUE(made.ok());
    ASSERT_TRUE(hub.world.stores.credentials->set({made->id, "new:Right-1", hub.world.clock.wall(), false}, 1).ok());
    const auto before = hub.hashing.verifies.load();
    const auto wrong = submit(page("/"), "gaofeng", "Wrong-1");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(hub.audit.last(), "login.failed  of gaofeng reason=wrong_password");
    EXPECT_FALSE(hub.cookies.contains(kHub) || hub.cookies.contains(kDeviceCookie));
    int tries = 1;
    for (const char* name : {"nobody", "gone", "not a name"}) {
        const auto answer = submit(page("/"), name, "Right-1");
        EXPECT_EQ(words(answer, name), words(wrong, "gaofeng")) << name;
        EXPECT_EQ(hub.hashing.verifies.load() - before, ++tries) << "one hash for everybody, or the time tells";
    }
}

TEST_F(LoginPageTest, LocksAnUnknownNameAsAKnownOne) {
    const auto tries = [&](const std::string& name) {
        std::vector<std::string> answers;
        for (int i = 0; i < 8; ++i) {
            const auto answer = submit(page("/"), name, "Wrong-1");
            answers.push_back(std::to_string(answer.status) + ' ' + std::string(answer.headers.first("Retry-After")));
            if (i == 3) hub.world.clock.advance(seconds(1));
            if (i == 4) hub.world.clock.advance(seconds(2));
        }
        return answers;
    };
    const auto known = tries("gaofeng");
    EXPECT_EQ(known[2], "401 ") << "three slips are free";
    EXPECT_EQ(known.back().substr(0, 4), "423 ");
    EXPECT_EQ(submit(page("/"), "gaofeng", "Right-1").status, 423) << "the right one does not help any more";
    EXPECT_EQ(hub.audit.last(), "login.failed  of gaofeng reason=locked");
    EXPECT_FALSE(signedIn());
    EXPECT_EQ(tries("nobody"), known);
    hub.world.clock.advance(minutes(16));
    EXPECT_EQ(submit(page("/"), "gaofeng", "Right-1").status, 303);
}

TEST_F(LoginPageTest, RefusesAFormThatIsNotItsOwn) {
    const auto shown = page("/me/sessions");
    const std::string token = fieldOf(shown, "csrf");
    const auto refused = [&](const std::string& csrf, const char* why) {
        const auto answer = hub.post("/login", {{"csrf", csrf}, {"username", "gaofeng"}, {"password", "Right-1"}});
        EXPECT_EQ(answer.status, 403) << why;
        EXPECT_FALSE(signedIn()) << why;
        EXPECT_FALSE(fieldOf(answer, "csrf").empty()) << "the next try needs no reload: " << why;
    };
    refused("", "no token");
    refused("X" + token, "another token");
    const std::string mine = hub.cookies[kLoginCookie];
    hub.cookies[kLoginCookie] = std::string(24, 'A');
    refused(token, "the attacker's form in the victim's browser");
    hub.cookies.erase(kLoginCookie);
    refused(token, "no cookie");
    hub.cookies[kLoginCookie] = mine;
    for (const char* origin : {"https://evil.example", "null", "http://yimen.test", "https://dl-video.yimen.test"}) {
        hub.origin = origin;
        refused(token, origin);
    }
    hub.origin = "https://yimen.test";
    const auto json = hub.ask("POST", "/login", "text/plain", "csrf=" + token + "&username=gaofeng&password=Right-1");
    EXPECT_EQ(json.status, 403);
    EXPECT_TRUE(hub.audit.events.empty()) << "the password was not even looked at";
    hub.world.clock.advance(minutes(61));
    refused(token, "left open for too long");
}

TEST_F(LoginPageTest, KeepsTheDestinationWhenTheFormIsTooOld) {
    const auto shown = page("/me/sessions");
    hub.world.clock.advance(minutes(61));
    const auto stale = submit(shown, "gaofeng", "Right-1");
    ASSERT_EQ(stale.status, 403);
    EXPECT_EQ(fieldOf(stale, "to"), "/me/sessions");
    EXPECT_EQ(location(submit(stale, "gaofeng", "Right-1")), "/me/sessions");
    hub.cookies.clear();
    const auto evil = hub.post("/login", {{"csrf", "x"}, {"to", "//evil.example"}});
    EXPECT_EQ(fieldOf(evil, "to"), "/");
}

TEST_F(LoginPageTest, LetsNobodyInWithoutTheAuditLine) {
    const auto shown = page("/");
    hub.audit.down = true;
    const auto sessions = hub.sessions.size();
    for (const char* password : {"Right-1", "Wrong-1"}) {
        const auto answer = submit(shown, "gaofeng", password);
        EXPECT_EQ(answer.status, 503) << password;
        EXPECT_TRUE(answer.headers.has("Retry-After"));
    }
    EXPECT_EQ(hub.sessions.size(), sessions);
    EXPECT_FALSE(hub.cookies.contains(kHub));
}

TEST_F(LoginPageTest, GivesNoSessionForAPasswordThatMustBeReplaced) {
    ASSERT_TRUE(hub.world.stores.credentials->set({person, "new:Right-1", hub.world.clock.wall(), true}, 1).ok());
    const auto answer = submit(page("/go/dl-video"), "gaofeng", "Right-1");
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(location(answer), "/password?to=%2Fgo%2Fdl-video");
    EXPECT_EQ(cookieAttributes(answer, kChangeCookie), "; Path=/; Secure; HttpOnly; SameSite=Strict");
    EXPECT_FALSE(hub.cookies.contains(kHub));
    hub.cookies[kHub] = hub.cookies[kChangeCookie];
    EXPECT_FALSE(signedIn()) << "the note is no ticket";
}

TEST_F(LoginPageTest, ShowsWhereItLeadsAndNothingOfWhatWasTyped) {
    EXPECT_NE(page("/go/dl-video?x=1").body.find("Police video sharing"), std::string::npos);
    EXPECT_EQ(page("/go/nothing").body.find("class=\"dest\""), std::string::npos);
    const auto wrong = submit(page("/"), "\"><script>alert(1)</script>", "Secret-of-mine-1");
    EXPECT_EQ(wrong.body.find("<script>alert"), std::string::npos);
    EXPECT_EQ(wrong.body.find("Secret-of-mine-1"), std::string::npos);
}

}  // namespace
}  // namespace yimen::web
