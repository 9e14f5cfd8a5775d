#include "web/sign_in.h"

#include "unit/web/fixture.h"

namespace yimen::web {
namespace {

using Again = SignIn::Reauthentication;
using Kind = SignInResult::Kind;

class SignInTest : public testing::Test {
protected:
    SignInTest() : signIn(hub.context.hub) {
        person = hub.signIn("gaofeng", "210299D07", "leader");
        request.peerIp = "10.1.2.3";
        request.requestId = "trace-1";
        request.headers.set("User-Agent", std::string(300, 'u'));
    }
    SignInResult attempt(const std::string& name, const std::string& password) {
        return signIn.attempt(request, {name, core::Secret(password)});
    }
    Caller caller() {
        http::Request known;
        known.cookies.add(std::string(kHubCookie), hub.cookies[std::string(kHubCookie)]);
        return hub.context.guard.callerOf(known).value();
    }

    test::HubWorld hub;
    SignIn signIn;
    identity::PersonId person = 0;
    http::Request request;
};

TEST_F(SignInTest, OpensASessionInThePostThatCountsToday) {
    const auto result = attempt("gaofeng", "Right-1");
    ASSERT_EQ(result.kind, Kind::kSignedIn);
    const auto& session = *result.created.session;
    EXPECT_EQ(session.person(), person);
    EXPECT_NE(session.actingPost(), 0U);
    EXPECT_EQ(session.assurance(hub.world.clock.wall()), identity::Assurance::kPassword);
    ASSERT_EQ(hub.audit.events.size(), 1U);
    EXPECT_EQ(hub.audit.events[0].sourceIp, "10.1.2.3");
}

TEST_F(SignInTest, NeverRecordsWhatMayBeAPasswordInTheWrongField) {
    for (const char* typed : {"My-Password-1", "gaofeng ; drop", "高峰的口令"}) {
        EXPECT_EQ(attempt(typed, "x").kind, Kind::kWrong);
        EXPECT_EQ(hub.audit.last(), "login.failed  of unknown reason=unknown_user") << typed;
    }
}

TEST_F(SignInTest, KnowsABrowserItHasSeenAndStrangersDoNotLockItOut) {
    const auto first = attempt("gaofeng", "Right-1");
    ASSERT_FALSE(first.deviceCookie.empty());
    http::Request stranger = request;
    stranger.peerIp = "203.0.113.9";
    for (int i = 0; i < 12; ++i) {
        signIn.attempt(stranger, {"gaofeng", core::Secret("Wrong-1")});
        hub.world.clock.advance(std::chrono::seconds(20));
    }
    EXPECT_EQ(signIn.attempt(stranger, {"gaofeng", core::Secret("Right-1")}).kind, Kind::kLocked);
    request.cookies.add(kDeviceCookie, first.deviceCookie);
    const auto again = attempt("gaofeng", "Right-1");
    EXPECT_EQ(again.kind, Kind::kSignedIn);
    EXPECT_TRUE(again.deviceCookie.empty()) << "the browser has one";
    // Somebody else's cookie names no device of this account.
    hub.signIn("sunyue", "210299D02", "clerk");
    EXPECT_FALSE(attempt("sunyue", "Right-1").deviceCookie.empty());
}

TEST_F(SignInTest, CallsItBusyWhenTheRefusalCannotBeRecorded) {
    hub.audit.down = true;
    EXPECT_EQ(attempt("gaofeng", "Wrong-1").kind, Kind::kBusy);
    const auto before = hub.sessions.size();
    EXPECT_EQ(attempt("gaofeng", "Right-1").kind, Kind::kBusy);
    EXPECT_EQ(hub.sessions.size(), before) << "the session was taken back";
    EXPECT_TRUE(hub.sessions.find(hub.session->id())) << "and the one that was there stays";
}

TEST_F(SignInTest, ReplacesTheSessionOfTheSameBrowserOnly) {
    const auto elsewhere = hub.session;
    const auto first = attempt("gaofeng", "Right-1");
    EXPECT_TRUE(hub.sessions.find(elsewhere->id())) << "another browser stays signed in";
    request.cookies.add(std::string(kHubCookie), first.created.cookie);
    hub.audit.down = true;
    EXPECT_EQ(attempt("gaofeng", "Right-1").kind, Kind::kBusy);
    EXPECT_EQ(attempt("gaofeng", "Wrong-1").kind, Kind::kBusy);
    hub.audit.down = false;
    EXPECT_EQ(attempt("gaofeng", "Wrong-1").kind, Kind::kWrong);
    EXPECT_TRUE(hub.sessions.find(first.created.session->id())) << "nothing came in its place";
    hub.world.clock.advance(std::chrono::seconds(119));
    EXPECT_EQ(attempt("gaofeng", "Right-1").created.session, first.created.session) << "another tab, at once";
    EXPECT_EQ(hub.audit.last().find("login.ok gaofeng"), 0U) << hub.audit.last();
    hub.world.clock.advance(std::chrono::seconds(2));
    const auto later = attempt("gaofeng", "Right-1");
    EXPECT_EQ(later.kind, Kind::kSignedIn);
    EXPECT_NE(later.created.session, first.created.session);
    EXPECT_FALSE(hub.sessions.find(first.created.session->id()));
    EXPECT_TRUE(hub.sessions.find(elsewhere->id()));
}

TEST_F(SignInTest, AsksAgainUnderTheSameLimits) {
    const auto me = caller();
    const auto again = [&](const char* password) { return signIn.again(request, me.person, core::Secret(password)); };
    EXPECT_EQ(again("Right-1"), Again::kOk);
    EXPECT_EQ(again("Wrong-1"), Again::kWrong);
    for (int i = 0; i < 12; ++i) {
        again("Wrong-1");
        hub.world.clock.advance(std::chrono::seconds(20));
    }
    EXPECT_EQ(again("Right-1"), Again::kThrottled);
    EXPECT_EQ(attempt("gaofeng", "Right-1").kind, Kind::kLocked) << "one counter for both doors";
}

}  // namespace
}  // namespace yimen::web
