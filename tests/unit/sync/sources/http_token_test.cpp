#include "sync/sources/http_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/sources/http_exchange.h"
#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

using fixture::answer;
using fixture::field;
using fixture::Outside;
using fixture::specOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSource = R"(
auth:
  kind: token
  user: 'a"b'
  password: env:KEY
  request: {path: /login, body: '{{"u":"{user|json}","p":"{password|base64}"}}'}
  token: /data/token
  errors: {at: /code, good: ["0"]}
headers: {X-Access-Token: "{token}"}
)";
constexpr const char* kRead = "request: {path: /x}\nformat: json\ncolumns: [a]\n";

HttpExchange exchangeOf(Outside& outside, const std::string& source, const std::string& read = kRead) {
    auto spec = specOf(source, read);
    EXPECT_TRUE(spec.ok()) << (spec.ok() ? "" : spec.error().message);
    return HttpExchange(std::make_shared<const HttpSpec>(std::move(spec).value()), outside.parts());
}

/// Gives tokens t1, t2, ... and takes the newest alone.
struct System {
    int logins = 0;
    int refusals = 0;
    std::string code = "0";
    http::ClientResponse operator()(const http::ClientRequest& request) {
        if (request.url.path == "/app/login") {
            ++logins;
            return answer(R"({"code":)" + code + R"(,"data":{"token":"t)" + std::to_string(logins) + "\"}}");
        }
        const bool good = field(request, "X-Access-Token") == "t" + std::to_string(logins);
        if (good && refusals == 0) return answer(R"([{"a":1}])");
        if (refusals > 0) --refusals;
        return answer("{}", 401);
    }
};

TEST(HttpToken, IsAskedForOnceAndGoesWhereTheTextsSayIt) {
    System system;
    Outside outside([&](const auto& request) { return system(request); });
    const auto exchange = exchangeOf(outside, kSource);
    EXPECT_TRUE(exchange.call({}, "answer 1").ok());
    EXPECT_TRUE(exchange.call({}, "answer 2").ok());
    ASSERT_EQ(outside.system->requests.size(), 3U);
    EXPECT_EQ(outside.system->requests[0].body, R"({"u":"a\"b","p":"czNjcmV0"})");
    EXPECT_EQ(outside.system->requests[0].method, "POST");
    EXPECT_EQ(field(outside.system->requests[0], "X-Access-Token"), "");
    EXPECT_EQ(field(outside.system->requests[2], "X-Access-Token"), "t1");
}

TEST(HttpToken, IsRenewedOnceWhenItWasRefused) {
    System system;
    Outside outside([&](const auto& request) { return system(request); });
    const auto exchange = exchangeOf(outside, kSource);
    EXPECT_TRUE(exchange.call({}, "answer 1").ok());
    system.refusals = 1;
    EXPECT_TRUE(exchange.call({}, "answer 2").ok());
    EXPECT_EQ(system.logins, 2);
    system.refusals = 9;
    const auto refused = exchange.call({}, "answer 3");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kUnauthenticated);
    EXPECT_EQ(system.logins, 3);
}

TEST(HttpToken, ThatIsFreshAndRefusedIsNotAskedForAgain) {
    System system;
    system.refusals = 9;
    Outside outside([&](const auto& request) { return system(request); });
    EXPECT_FALSE(exchangeOf(outside, kSource).call({}, "answer 1").ok());
    EXPECT_EQ(system.logins, 1);
}

TEST(HttpToken, SaysWhyItGotNoneAndKeepsThePassword) {
    System system;
    system.code = "4001";
    Outside outside([&](const auto& request) { return system(request); });
    const auto refused = exchangeOf(outside, kSource).call({}, "answer 1");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, core::ErrorCode::kUnauthenticated);
    EXPECT_THAT(refused.error().message, HasSubstr("error 4001"));
    EXPECT_THAT(refused.error().message, Not(HasSubstr("s3cret")));
    Outside down([](const auto&) { return answer("", 503); });
    EXPECT_EQ(exchangeOf(down, kSource).call({}, "answer 1").error().code, core::ErrorCode::kUnavailable);
    Outside empty([](const auto&) { return answer(R"({"code":0,"data":{}})"); });
    EXPECT_THAT(exchangeOf(empty, kSource).call({}, "answer 1").error().message, HasSubstr("no token"));
}

TEST(HttpToken, ComesInXmlAndInFormsAsWell) {
    Outside soap([](const auto& request) {
        if (request.url.path == "/app/login") return answer("<r xmlns='urn:x'><ret>1</ret><ticket>T-1</ticket></r>");
        return answer(request.body == "<t>T-1</t>" ? R"([{"a":1}])" : "[]", request.body == "<t>T-1</t>" ? 200 : 401);
    });
    const std::string xml =
        "auth: {kind: token, user: u, password: env:KEY, format: xml, token: r/ticket, errors: {at: r/ret, good: "
        "[\"1\"]}, request: {path: /login, body: \"<p>{password|md5}</p>\"}}\n";
    EXPECT_TRUE(exchangeOf(soap, xml, "request: {path: /x, body: \"<t>{token}</t>\"}\nformat: json\ncolumns: [a]\n")
                    .call({}, "answer 1")
                    .ok());
    Outside lax([](const auto& request) {
        if (request.url.path == "/app/token") return answer("expires_in=7200&access_token=a%2Bb");
        return answer(R"([{"a":1}])", request.url.query == "access_token=a%2Bb" ? 200 : 401);
    });
    const std::string form =
        "auth: {kind: token, user: u, password: env:KEY, format: form, token: access_token, request: {path: /token}}\n";
    EXPECT_TRUE(
        exchangeOf(lax, form, "request: {path: /x, query: {access_token: \"{token}\"}}\nformat: json\ncolumns: [a]\n")
            .call({}, "answer 1")
            .ok());
}

}  // namespace
}  // namespace yimen::sync
