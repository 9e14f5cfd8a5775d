#include "adapter/signals.h"

#include <gtest/gtest.h>

namespace yimen::adapter {
namespace {

ResponseView view(int status, const std::vector<HeaderRef>& headers) {
    return {status, headers, "/"};
}

TEST(Glob, KnowsStarsAndNothingElse) {
    EXPECT_TRUE(globMatches("/login?next=*", "/login?next=/a"));
    EXPECT_TRUE(globMatches("*", ""));
    EXPECT_TRUE(globMatches("/a*c*e", "/abcde"));
    EXPECT_FALSE(globMatches("/login", "/login/"));
    EXPECT_FALSE(globMatches("/a?c", "/abc"));
    EXPECT_FALSE(globMatches("", "x"));
    EXPECT_TRUE(globMatches("*a*a*a*b", std::string(30, 'a') + "b"));
}

TEST(MatchesHead, ComparesLocationWithoutItsHost) {
    Matcher matcher;
    matcher.location = "/login*";
    const std::vector<HeaderRef> full{{"Location", "http://10.0.0.1:8080/login?x=1"}};
    const std::vector<HeaderRef> relative{{"location", "/login"}};
    const std::vector<HeaderRef> elsewhere{{"Location", "/home?back=http://x/login"}};
    const std::vector<HeaderRef> hostOnly{{"Location", "http://login"}};
    EXPECT_TRUE(matchesHead(matcher, view(302, full)));
    EXPECT_TRUE(matchesHead(matcher, view(302, relative)));
    EXPECT_FALSE(matchesHead(matcher, view(302, elsewhere)));
    EXPECT_FALSE(matchesHead(matcher, view(302, hostOnly)));
}

TEST(MatchesHead, WantsACookieWithAValue) {
    Matcher matcher;
    matcher.cookie = "sid";
    const std::vector<HeaderRef> set{{"Set-Cookie", "sid=1; Path=/"}};
    const std::vector<HeaderRef> cleared{{"Set-Cookie", "sid=; Path=/"}, {"Set-Cookie", "sid=\"\"; Path=/"}};
    const std::vector<HeaderRef> longer{{"Set-Cookie", "sid2=1"}};
    EXPECT_TRUE(matchesHead(matcher, view(200, set)));
    EXPECT_FALSE(matchesHead(matcher, view(200, cleared)));
    EXPECT_FALSE(matchesHead(matcher, view(200, longer)));
}

TEST(MatchesBytes, StartsAfterWhiteSpaceAndByteOrderMark) {
    Matcher matcher;
    matcher.bodyStarts = "<script>alert";
    EXPECT_TRUE(matchesBytes(matcher, "\xEF\xBB\xBF \r\n<script>alert(1)"));
    EXPECT_FALSE(matchesBytes(matcher, "<p><script>alert(1)"));
    EXPECT_FALSE(matchesBytes(matcher, ""));
}

class Inspector : public testing::Test {
protected:
    Inspector() {
        Matcher head;
        head.status = {401};
        Matcher body;
        body.status = {200};
        body.bodyContains = "session over";
        Matcher closed;
        closed.status = {503};
        closed.header = "Retry-After";
        signals_.expired = {head, body};
        signals_.maintenance = {closed};
    }
    Signals signals_;
};

TEST_F(Inspector, SettlesMostAnswersByTheirHead) {
    const TrafficInspector inspector(signals_);
    const std::vector<HeaderRef> none;
    const std::vector<HeaderRef> retry{{"Retry-After", "60"}};
    EXPECT_EQ(inspector.inspect(view(401, none)), Verdict::kExpired);
    EXPECT_EQ(inspector.inspect(view(503, none)), Verdict::kOk);
    EXPECT_EQ(inspector.inspect(view(503, retry)), Verdict::kMaintenance);
    EXPECT_FALSE(inspector.needsBodyPrefix(view(404, none)));
}

TEST_F(Inspector, LooksIntoTextsOnly) {
    const TrafficInspector inspector(signals_);
    const std::vector<HeaderRef> html{{"Content-Type", "text/html; charset=GBK"}};
    const std::vector<HeaderRef> image{{"Content-Type", "image/png"}};
    EXPECT_TRUE(inspector.needsBodyPrefix(view(200, html)));
    EXPECT_FALSE(inspector.needsBodyPrefix(view(200, image)));
    EXPECT_EQ(inspector.inspectBody(view(200, html), "<p>session over</p>"), Verdict::kExpired);
    EXPECT_EQ(inspector.inspectBody(view(200, html), "<p>session</p>"), Verdict::kOk);
    EXPECT_TRUE(inspector.looksAtBodies());
    EXPECT_FALSE(TrafficInspector(Signals{}).looksAtBodies());
}

}  // namespace
}  // namespace yimen::adapter
