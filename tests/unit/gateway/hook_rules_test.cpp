#include "gateway/hook_rules.h"

#include <gmock/gmock.h>

#include "unit/gateway/fixture.h"

namespace yimen::gateway {
namespace {

TEST(HookRules, AScriptCannotSpeakForThePersonInAnySpelling) {
    const test::FakeSystem system;
    for (const char* name : {"X-Remote-User", "x-remote-user", "X-Forwarded-For", "Forwarded", "X-Real-IP",
                             "Remote-User", "X-User", "X-Yimen-Person", "X-Auth-Request-Email", "True-Client-IP",
                             "X-Original-URL", "Authorization", "Proxy-Authorization", "Cookie"}) {
        EXPECT_FALSE(scriptMayTouchRequestField(*system.route, name)) << name;
    }
}

TEST(HookRules, FramingConnectionHostAndOriginStayTheGateways) {
    const test::FakeSystem system;
    for (const char* name : {"Host", "Content-Length", "content-length", "Transfer-Encoding", "Connection",
                             "Keep-Alive", "TE", "Trailer", "Upgrade", "Expect", "Proxy-Connection", "Referer",
                             "Origin", "Via", "Accept-Encoding", "Content-Encoding", "HTTP2-Settings"}) {
        EXPECT_FALSE(scriptMayTouchRequestField(*system.route, name)) << name;
    }
    for (const char* name : {"Accept", "Accept-Language", "X-Org", "User-Agent", "Content-Type", "Range"}) {
        EXPECT_TRUE(scriptMayTouchRequestField(*system.route, name)) << name;
    }
}

TEST(HookRules, ADeclaredIdentityMayBeSetButNotWhatTheEngineWrites) {
    const test::FakeSystem declared("qu-tourism", [](adapter::Manifest& m) {
        m.headers.identity = {"X-Remote-*", "Authorization"};
    });
    EXPECT_TRUE(scriptMayTouchRequestField(*declared.route, "X-Remote-Org"));
    EXPECT_TRUE(scriptMayTouchRequestField(*declared.route, "authorization"));
    EXPECT_FALSE(scriptMayTouchRequestField(*declared.route, "X-Forwarded-User"));
    const test::FakeSystem signedBy("qu-integrity");
    for (const char* name : {"X-Remote-User", "x-remote-org", "X-Remote-Time", "X-Remote-Sig"}) {
        EXPECT_FALSE(scriptMayTouchRequestField(*signedBy.route, name)) << name;
    }
    EXPECT_TRUE(scriptMayTouchRequestField(*signedBy.route, "X-Remote-Role"));
    const test::FakeSystem bearer("qu-grid");
    EXPECT_FALSE(scriptMayTouchRequestField(*bearer.route, "Authorization"));
}

TEST(HookRules, OfAnswersCookiesFramingChallengesAndTheSiteAreClosed) {
    for (const char* name :
         {"Set-Cookie", "set-cookie", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade",
          "WWW-Authenticate", "Strict-Transport-Security", "Clear-Site-Data", "Cache-Control", "Content-Encoding"}) {
        EXPECT_FALSE(scriptMayTouchAnswerField(name)) << name;
    }
    for (const char* name :
         {"Content-Type", "X-UA-Compatible", "Location", "Content-Security-Policy", "X-Powered-By"}) {
        EXPECT_TRUE(scriptMayTouchAnswerField(name)) << name;
    }
}

TEST(HookRules, NamesTheFieldInTheError) {
    const test::FakeSystem system;
    adapter::HookDecision decision;
    decision.remove = {"Accept", "Cookie"};
    const auto status = checkRequestDecision(*system.route, decision);
    ASSERT_FALSE(status.ok());
    EXPECT_THAT(status.error().message, testing::HasSubstr("'Cookie'"));
    decision.remove = {};
    decision.set = {{"Set-Cookie", "a=b"}};
    EXPECT_FALSE(checkAnswerDecision(decision).ok());
    decision.set = {{"X-Frame-Options", "DENY"}};
    EXPECT_TRUE(checkAnswerDecision(decision).ok());
}

}  // namespace
}  // namespace yimen::gateway
