#include "unit/web/fixture.h"

namespace yimen::web {
namespace {

using test::location;

class GoPageTest : public testing::Test {
protected:
    GoPageTest() {
        EXPECT_TRUE(mountGo(hub.router, hub.context).ok());
        hub.signIn("gaofeng", "210299D07", "leader");
    }
    static bool has(const http::Response& answer, std::string_view text) {
        return answer.body.find(text) != std::string::npos;
    }
    /// The code of the address an app host is entered with.
    static std::string codeOf(const http::Response& answer) {
        const std::string to = location(answer);
        const auto at = to.find("code=") + 5;
        return to.substr(at, to.find('&') - at);
    }
    test::HubWorld hub;
};

TEST_F(GoPageTest, EntersWithACodeThatOnlyThisSystemTakesOnce) {
    const auto answer = hub.get("/go/dl-video?to=%2Fvms%2Fa%3Fb%3D1%26c%3D2");
    EXPECT_EQ(answer.status, 303);
    const std::string code = codeOf(answer);
    EXPECT_EQ(location(answer),
              "https://dl-video.yimen.test/.yimen/enter?code=" + code + "&to=%2Fvms%2Fa%3Fb%3D1%26c%3D2");
    EXPECT_EQ(hub.audit.last(), "system.enter gaofeng");
    EXPECT_EQ(hub.audit.events.back().system, "dl-video");
    EXPECT_NE(codeOf(hub.get("/go/dl-video")), code);
    auto& codes = hub.context.hub.entryCodes;
    EXPECT_FALSE(codes.redeem(code, "qu-tourism").ok());
    const std::string fresh = codeOf(hub.get("/go/dl-video"));
    EXPECT_TRUE(codes.redeem(fresh, "dl-video").ok());
    EXPECT_FALSE(codes.redeem(fresh, "dl-video").ok());
}

TEST_F(GoPageTest, NeverLeavesTheHostOfTheSystem) {
    const std::string home = "&to=%2Fvms%2Findex.html";
    for (const std::string& to : {std::string("https://evil.example/"), std::string("javascript:alert(1)"),
                                  std::string(), std::string("x"), '/' + std::string(2000, 'a')}) {
        const auto there = location(hub.get("/go/dl-video?to=" + core::percentEncode(to)));
        EXPECT_TRUE(there.starts_with("https://dl-video.yimen.test/.yimen/enter?code=")) << to;
        EXPECT_TRUE(there.ends_with(home)) << "its home page instead: " << there;
    }
    for (const char* to : {"//evil.example", "/x&code=1", "/\r\nSet-Cookie: a=b"}) {
        const auto there = location(hub.get("/go/dl-video?to=" + core::percentEncode(to)));
        EXPECT_TRUE(there.ends_with("&to=" + core::percentEncode(to))) << "one value, nothing of its own: " << there;
    }
}

TEST_F(GoPageTest, SaysWhyTheWayIsClosedAndIssuesNoCode) {
    hub.signIn("sunyue", "210299D04", "clerk");
    const auto answer = hub.get("/go/dl-video");
    EXPECT_EQ(answer.status, 403);
    EXPECT_TRUE(has(answer, "Police video sharing") && has(answer, "trace-1"));
    EXPECT_TRUE(location(answer).empty());
    EXPECT_TRUE(hub.audit.events.empty());
    EXPECT_EQ(hub.get("/go/no-such-system").status, 404);
    EXPECT_EQ(hub.get("/go/qu-oa").status, 404) << "known, but not connected here";
}

TEST_F(GoPageTest, AsksForTheAccountFirstWhereEverybodyHasHisOwn) {
    EXPECT_EQ(location(hub.get("/go/qu-tourism")), "/me/links?system=qu-tourism");
    EXPECT_TRUE(hub.audit.events.empty());
}

TEST_F(GoPageTest, LetsNobodyEnterWithoutTheAuditLine) {
    hub.audit.down = true;
    const auto answer = hub.get("/go/dl-video");
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(location(answer).empty());
    hub.cookies.clear();
    EXPECT_EQ(location(hub.get("/go/dl-video?to=%2Fa")), "/login?to=%2Fgo%2Fdl-video%3Fto%3D%252Fa");
}

TEST_F(GoPageTest, ExplainsATroubleOfItsKind) {
    const auto status = [&](const std::string& kind) {
        return hub.get("/trouble?system=dl-video&kind=" + kind + "&to=%2Fa%3Fb").status;
    };
    EXPECT_EQ(status("maintenance"), 503);
    EXPECT_EQ(status("busy"), 503);
    EXPECT_EQ(status("slow"), 504);
    EXPECT_EQ(status("second_session"), 409);
    EXPECT_EQ(status("not_repeated"), 409);
    EXPECT_EQ(status("down"), 502);
    EXPECT_EQ(status("never-heard-of"), 502);
    const auto page = hub.get("/trouble?system=dl-video&kind=slow&to=%2Fa%3Fb");
    EXPECT_TRUE(has(page, "href=\"/go/dl-video?to=%2Fa%3Fb\"")) << "the way to try again";
    EXPECT_NE(hub.get("/trouble?system=dl-video&kind=second_session").body,
              hub.get("/trouble?system=dl-video&kind=not_repeated").body);
    EXPECT_EQ(hub.get("/trouble?system=nothing&kind=slow").status, 404);
}

TEST_F(GoPageTest, AsksTheRulesAgainBeforeItSpeaksOfADenial) {
    const auto open = hub.get("/trouble?system=dl-video&kind=denied&to=%2Fvms%2Findex.html");
    EXPECT_TRUE(has(open, "video-for-duty")) << "the rule that answers, whatever the address claims";
    EXPECT_FALSE(has(open, "<table")) << "nothing is missing";
    const auto step = hub.get("/trouble?system=dl-video&kind=denied&to=%2Fvms%2Fexport");
    EXPECT_TRUE(has(step, "href=\"/step-up?ask=1&amp;to=%2Fgo%2Fdl-video%3Fto%3D%252Fvms%252Fexport\""));
    hub.signIn("sunyue", "210299D04", "clerk");
    const auto shut = hub.get("/trouble?system=dl-video&kind=denied&to=%2Fvms%2Findex.html");
    EXPECT_TRUE(has(shut, "<table")) << "what is missing";
    EXPECT_FALSE(has(shut, "/step-up")) << "a code would not help";
    const auto odd = hub.get("/trouble?system=dl-video&kind=denied&method=%3Cb%3E&to=%2F..%2F%3Cscript%3E");
    EXPECT_EQ(odd.status, 403);
    EXPECT_FALSE(has(odd, "<script>") || has(odd, "<b>"));
}

}  // namespace
}  // namespace yimen::web
