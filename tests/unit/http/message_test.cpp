#include "http/message.h"

#include <gtest/gtest.h>

namespace yimen::http {
namespace {

Request posted(const char* type, const char* body) {
    Request request;
    request.method = "POST";
    request.headers.add("Content-Type", type);
    request.body = body;
    return request;
}

TEST(Params, TakesARepeatedNameAsNone) {
    Params params;
    params.add("to", "/a");
    params.add("to", "/b");
    EXPECT_FALSE(params.one("to").has_value());
    EXPECT_TRUE(params.has("to"));
    EXPECT_EQ(params.text("to"), "");
}

TEST(Request, ReadsAFormOnlyWhenItSaysSo) {
    const auto form = posted("application/x-www-form-urlencoded; charset=utf-8", "a=1&b=%E4%B8%AD+x").form();
    ASSERT_TRUE(form.ok());
    EXPECT_EQ(form->text("b"), "中 x");
    EXPECT_FALSE(posted("text/plain", "a=1").form().ok());
    EXPECT_FALSE(posted("application/x-www-form-urlencoded", "a=%zz").form().ok());
}

TEST(Request, ReadsJsonOnlyWhenItSaysSo) {
    EXPECT_TRUE(posted("Application/JSON", "{\"a\":1}").json().ok());
    EXPECT_FALSE(posted("text/plain", "{\"a\":1}").json().ok());
    EXPECT_FALSE(posted("application/json", "{\"a\":1,\"a\":2}").json().ok());
}

TEST(Response, RedirectsWith303) {
    const Response response = Response::redirect("/go/qu-oa");
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(response.headers.first("Location"), "/go/qu-oa");
}

TEST(Response, WritesAProblemAsTheContractSays) {
    Problem problem;
    problem.status = 429;
    problem.code = "throttled";
    problem.title = "尝试过于频繁";
    problem.traceId = "abc";
    problem.retryAfterSeconds = 7;
    problem.fields.push_back({"username", "required", "请填写"});
    const Response response = Response::problem(problem);
    EXPECT_EQ(response.headers.first("Content-Type"), "application/problem+json");
    EXPECT_EQ(response.headers.first("Retry-After"), "7");
    const auto json = core::parseJson(response.body);
    ASSERT_TRUE(json.ok());
    EXPECT_EQ((*json)["type"], "urn:yimen:problem:throttled");
    EXPECT_EQ((*json)["retry_after"], 7);
    EXPECT_EQ((*json)["fields"][0]["name"], "username");
}

}  // namespace
}  // namespace yimen::http
