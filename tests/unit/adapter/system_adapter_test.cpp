#include "adapter/system_adapter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using testing::IsEmpty;

void signedOn(EngineHarness& harness, const std::string& cookie) {
    CookieJar jar;
    jar.store(cookie, harness.session->origin(), harness.clock.wall());
    harness.session->establish(std::move(jar), nullptr);
}

TEST(SystemAdapter, PutsTheJarBeforeWhatTheBrowserMayKeep) {
    EngineHarness tourism("qu-tourism");
    signedOn(tourism, "sessionid=1; Path=/");
    FieldMap fields;
    ASSERT_TRUE(tourism.system->prepare(*tourism.session, {"GET", "/wl/", "theme=dark"}, fields).ok());
    EXPECT_EQ(fields.values["Cookie"], "sessionid=1; theme=dark");
}

TEST(SystemAdapter, DressesNobodyWithoutASession) {
    EngineHarness tourism("qu-tourism");
    FieldMap fields;
    EXPECT_FALSE(tourism.system->prepare(*tourism.session, {"GET", "/wl/", "theme=dark"}, fields).ok());
    EXPECT_TRUE(fields.values.empty());
}

TEST(SystemAdapter, TakesCookiesOfAnswersIntoTheJar) {
    EngineHarness salvation("nat-salvation");
    signedOn(salvation, "JSESSIONID=1; Path=/dbgl");
    const std::vector<HeaderRef> headers{{"set-cookie", "JSESSIONID=2; Path=/dbgl"}, {"Set-Cookie", "x=3"}};
    EXPECT_EQ(salvation.absorb(200, headers, "/dbgl/family/list.do?page=1"), Verdict::kOk);
    EXPECT_EQ(salvation.next("/dbgl/family/x")["Cookie"], "x=3; JSESSIONID=2");
    EXPECT_EQ(salvation.next("/dbgl/index.jsp")["Cookie"], "JSESSIONID=2");
}

TEST(SystemAdapter, LooksIntoNoDownload) {
    EngineHarness office("qu-oa");
    const std::vector<HeaderRef> headers{{"Content-Type", "text/html"}};
    EXPECT_TRUE(office.system->needsBodyPrefix({200, headers, "/oa/main.nsf/x?OpenPage"}));
    EXPECT_FALSE(office.system->needsBodyPrefix({200, headers, "/oa/main.nsf/0/ABC/$File/a.doc"}));
    EXPECT_TRUE(office.system->wantsIdentityEncoding());
}

TEST(SystemAdapter, RemembersTheLastUse) {
    EngineHarness tourism("qu-tourism");
    signedOn(tourism, "sessionid=1; Path=/");
    tourism.clock.advance(std::chrono::seconds(5));
    tourism.next("/wl/");
    EXPECT_EQ(tourism.session->lastUsed(), tourism.clock.wall());
}

TEST(SystemAdapter, SeesALostSessionInItsKeepAlive) {
    EngineHarness alive(
        "nat-salvation",
        R"([{"request":{"target":"/dbgl/blank.jsp","headers":{"Cookie":"JSESSIONID=1"}},"response":{"status":200,"body":"ok"}}])");
    signedOn(alive, "JSESSIONID=1; Path=/dbgl");
    EXPECT_EQ(alive.system->keepAlive(alive.context()), SystemAdapter::KeptAlive::kStands);
    EXPECT_THAT(alive.client->faults(), IsEmpty());
    EngineHarness lost(
        "nat-salvation",
        R"([{"request":{"target":"/dbgl/blank.jsp"},"response":{"status":200,"body":"<script>alert('会话超时，请重新登录');</script>"}}])");
    signedOn(lost, "JSESSIONID=1; Path=/dbgl");
    EXPECT_EQ(lost.system->keepAlive(lost.context()), SystemAdapter::KeptAlive::kExpired);
}

TEST(SystemAdapter, ANetworkErrorSaysNothingAboutTheSession) {
    for (const char* answer :
         {R"("error":"unavailable")", R"("error":"timeout")", R"("response":{"status":502,"body":""})",
          R"("response":{"status":404,"body":"none"})"}) {
        EngineHarness system("nat-salvation",
                             R"([{"request":{"target":"/dbgl/blank.jsp"},)" + std::string(answer) + "}]");
        signedOn(system, "JSESSIONID=1; Path=/dbgl");
        EXPECT_EQ(system.system->keepAlive(system.context()), SystemAdapter::KeptAlive::kUnknown) << answer;
        EXPECT_TRUE(system.session->signedOn()) << answer;
    }
}

TEST(SystemAdapter, KeepsNothingAliveThatNeverWas) {
    EngineHarness never("nat-salvation");
    EXPECT_EQ(never.system->keepAlive(never.context()), SystemAdapter::KeptAlive::kExpired);
    EXPECT_THAT(never.client->faults(), IsEmpty());
}

}  // namespace
}  // namespace yimen::adapter
