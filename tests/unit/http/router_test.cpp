#include "http/router.h"

#include <gtest/gtest.h>

namespace yimen::http {
namespace {

Route route(const char* method, const char* pattern) {
    const std::string name = std::string(method) + " " + pattern;
    return Route{method, pattern, [name](const Request&) { return Response::text(200, name); }, {}};
}

class RouterTest : public testing::Test {
protected:
    void add(const char* method, const char* pattern) { ASSERT_TRUE(router_.add(route(method, pattern)).ok()); }
    Response ask(const char* method, const char* path) {
        Request request;
        request.method = method;
        request.path = path;
        return router_.dispatch(request);
    }
    Router router_;
};

TEST_F(RouterTest, PrefersLiteralOverParamOverRest) {
    add("GET", "/people/{id}");
    add("GET", "/people/me");
    add("GET", "/people/{rest...}");
    EXPECT_EQ(ask("GET", "/people/me").body, "GET /people/me");
    EXPECT_EQ(ask("GET", "/people/7").body, "GET /people/{id}");
    EXPECT_EQ(ask("GET", "/people/7/posts").body, "GET /people/{rest...}");
}

TEST_F(RouterTest, FallsBackWhenTheLiteralBranchEndsBlind) {
    add("GET", "/a/b/c");
    add("GET", "/a/{x}/d");
    EXPECT_EQ(ask("GET", "/a/b/d").body, "GET /a/{x}/d");
}

TEST_F(RouterTest, GivesDecodedParams) {
    add("GET", "/orgs/{code}/posts/{post}");
    const RouteMatch match = router_.match("GET", "/orgs/%E8%A1%97/posts/3");
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(match.params.text("code"), "街");
    EXPECT_EQ(match.params.text("post"), "3");
}

TEST_F(RouterTest, GivesTheRestUndecoded) {
    add("GET", "/files/{path...}");
    EXPECT_EQ(router_.match("GET", "/files/a/b%20c").params.text("path"), "a/b%20c");
}

TEST_F(RouterTest, RefusesTwoRoutesOfOneShape) {
    add("GET", "/people/{id}");
    const auto status = router_.add(route("GET", "/people/{name}"));
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.error().message.find("already answered by /people/{id}"), std::string::npos);
    EXPECT_TRUE(router_.add(route("POST", "/people/{name}")).ok());
}

TEST_F(RouterTest, RefusesMalformedPatterns) {
    for (const char* pattern :
         {"", "people", "/a//b", "/a/x{id}", "/a/{id", "/a/{r...}/b", "/a/../b", "/a/%2f", "/a/ b"}) {
        EXPECT_FALSE(router_.add(route("GET", pattern)).ok()) << pattern;
    }
    EXPECT_FALSE(router_.add(route("HEAD", "/x")).ok());
    EXPECT_FALSE(router_.add(Route{"GET", "/x", nullptr, {}}).ok());
}

TEST_F(RouterTest, AnswersAnUnknownPathWith404AndAnUnknownMethodWith405) {
    add("GET", "/a");
    add("POST", "/a");
    EXPECT_EQ(ask("GET", "/b").status, 404);
    EXPECT_EQ(ask("GET", "/a/").status, 404);
    const Response response = ask("DELETE", "/a");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.headers.first("Allow"), "OPTIONS, GET, HEAD, POST");
}

TEST_F(RouterTest, AnswersOptionsWithAllow) {
    add("PUT", "/a");
    const Response response = ask("OPTIONS", "/a");
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(response.headers.first("Allow"), "OPTIONS, PUT");
}

TEST_F(RouterTest, ServesHeadFromGet) {
    add("GET", "/a");
    EXPECT_EQ(ask("HEAD", "/a").status, 200);
    add("POST", "/b");
    EXPECT_EQ(ask("HEAD", "/b").status, 405);
}

TEST_F(RouterTest, ServesTheRootAndTrailingSlashes) {
    add("GET", "/");
    add("GET", "/static/{rest...}");
    EXPECT_EQ(ask("GET", "/").body, "GET /");
    EXPECT_EQ(ask("GET", "/static/").body, "GET /static/{rest...}");
    EXPECT_EQ(ask("GET", "/static/a/").body, "GET /static/{rest...}");
    EXPECT_EQ(ask("GET", "/static").status, 404);
}

TEST_F(RouterTest, TreatsMethodsAsCaseSensitive) {
    add("GET", "/a");
    EXPECT_EQ(ask("get", "/a").status, 405);
}

}  // namespace
}  // namespace yimen::http
