#include "web/page.h"

#include "unit/web/fixture.h"

namespace yimen::web {
namespace {

class PagesTest : public testing::Test {
protected:
    PagesTest() { EXPECT_TRUE(mountLogin(hub.router, hub.context).ok()); }
    const Pages& pages() { return hub.context.pages; }
    static bool has(const http::Response& answer, std::string_view text) {
        return answer.body.find(text) != std::string::npos;
    }
    test::HubWorld hub;
};

TEST_F(PagesTest, RemembersAChoiceAndGoesBack) {
    const auto answer = hub.get("/ui?lang=zh-CN&theme=dark&size=large&to=%2Flogin%3Fto%3D%252Fme");
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(test::location(answer), "/login?to=%2Fme");
    for (const char* name : {"yimen-lang", "yimen-theme", "yimen-size"}) {
        EXPECT_EQ(test::cookieAttributes(answer, name), "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000");
    }
    const auto page = hub.get("/login");
    EXPECT_TRUE(has(page, "lang=\"zh-CN\"")) << "although the browser asks for English";
    EXPECT_TRUE(has(page, "登录"));
}

TEST_F(PagesTest, TakesNoOtherChoiceAndNoOtherWay) {
    const auto answer = hub.get("/ui?lang=de&theme=%22%3E%3Cscript%3E&size=large&size=normal&to=%2F%2Fevil.example");
    EXPECT_EQ(test::location(answer), "/");
    EXPECT_TRUE(hub.cookies.empty());
    hub.cookies["yimen-theme"] = "\"><script>";
    hub.cookies["yimen-lang"] = "de";
    const auto page = hub.get("/login");
    EXPECT_FALSE(has(page, "<script>"));
    EXPECT_TRUE(has(page, "lang=\"en\""));
}

TEST_F(PagesTest, NamesTheSystemADestinationLeadsTo) {
    http::Request request;
    request.headers.set("Accept-Language", "en");
    for (const char* to : {"/go/dl-video", "/go/dl-video/", "/go/dl-video?to=/x"}) {
        EXPECT_EQ(pages().systemName(request, to), "Police video sharing") << to;
    }
    for (const char* to : {"", "/go/", "/go/dl-video2", "/go/../go/dl-video", "/trouble?system=dl-video"}) {
        EXPECT_EQ(pages().systemName(request, to), "") << to;
    }
    request.headers.set("Accept-Language", "zh-CN,zh");
    EXPECT_NE(pages().systemName(request, "/go/dl-video").find("视频"), std::string::npos);
}

TEST_F(PagesTest, WritesWordsAsTextAndNamesTheTrace) {
    http::Request request;
    request.requestId = "trace-9";
    request.path = "/a&b\"><i>";
    const auto answer = pages().message(request, 422, "<b>title</b>", "a & b");
    EXPECT_EQ(answer.status, 422);
    EXPECT_FALSE(has(answer, "<b>title") || has(answer, "\"><i>"));
    EXPECT_TRUE(has(answer, "&lt;b&gt;title") && has(answer, "a &amp; b") && has(answer, "trace-9"));
    EXPECT_NE(pages().error(request, 503, "busy").body, pages().error(request, 503, "maintenance").body);
}

TEST_F(PagesTest, AnswersWithoutAPageWhenATemplateFails) {
    const auto answer = pages().render({}, "no-such-page", 200, core::Json::object());
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body, "500 Internal Server Error\n");
}

}  // namespace
}  // namespace yimen::web
