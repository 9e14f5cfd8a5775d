#include "http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "unit/http/canned_server.h"

namespace yimen::http {
namespace {

using core::ErrorCode;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kOk =
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nok";

class Curl : public testing::Test {
protected:
    core::SystemClock clock_;

    static ClientRequest get(const core::Url& url) {
        ClientRequest request;
        request.url = url;
        return request;
    }
    core::Result<ClientResponse> ask(const CannedServer& server, ClientRequest request) {
        CurlClient client({{server.url()}, "", "", 4}, clock_);
        return client.send(request);
    }
    ErrorCode codeOf(const CannedServer& server, ClientRequest request) {
        const auto response = ask(server, std::move(request));
        EXPECT_FALSE(response.ok());
        return response.ok() ? ErrorCode::kInternal : response.error().code;
    }
};

TEST_F(Curl, SendsWhatItWasGivenAndReadsTheAnswer) {
    const CannedServer server({kOk});
    auto request = get(server.url("/a%2Fb/../c?x=1&y=%D6%D0"));
    request.method = "POST";
    request.fields = {{"X-Test", "v"}, {"X-Empty", ""}, {"Content-Type", "text/plain"}};
    request.body = "body";
    const auto response = ask(server, request);
    ASSERT_TRUE(response.ok()) << response.error().describe();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "ok");
    EXPECT_EQ(response->find("x-a"), "1");
    EXPECT_EQ(response->fields.size(), 4U);
    const auto sent = server.requests().at(0);
    EXPECT_THAT(sent, StartsWith("POST /a%2Fb/../c?x=1&y=%D6%D0 HTTP/1.1\r\n"));
    EXPECT_THAT(sent, HasSubstr("\r\nX-Test: v\r\n"));
    EXPECT_THAT(sent, HasSubstr("\r\nX-Empty:\r\n"));
    EXPECT_THAT(sent, HasSubstr("\r\nContent-Length: 4\r\n"));
    EXPECT_THAT(sent, Not(HasSubstr("Expect:")));
    EXPECT_THAT(sent, Not(HasSubstr("Accept-Encoding:")));
}

TEST_F(Curl, NeverFollowsRedirects) {
    const CannedServer server(
        {"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", kOk});
    const auto response = ask(server, get(server.url()));
    ASSERT_TRUE(response.ok());
    EXPECT_EQ(response->status, 302);
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(Curl, ReachesItsOwnOriginsOnly) {
    const CannedServer allowed({kOk});
    const CannedServer other({kOk});
    CurlClient client({{allowed.url()}, "", "", 4}, clock_);
    const auto response = client.send(get(other.url()));
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(response.error().code, ErrorCode::kDenied);
    EXPECT_EQ(other.connections(), 0);
    auto named = get(allowed.url());
    named.url.host = "localhost";
    EXPECT_EQ(client.send(named).error().code, ErrorCode::kDenied);
}

TEST_F(Curl, KeepsConnectionsForTheNextRequest) {
    const CannedServer server({kOk, kOk, kOk});
    CurlClient client({{server.url()}, "", "", 4}, clock_);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.send(get(server.url())).ok());
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(Curl, CarriesNothingFromOneRequestToTheNext) {
    const CannedServer server({kOk, kOk});
    CurlClient client({{server.url()}, "", "", 4}, clock_);
    auto first = get(server.url());
    first.method = "POST";
    first.fields = {{"Authorization", "secret"}};
    first.body = "x";
    ASSERT_TRUE(client.send(first).ok());
    ASSERT_TRUE(client.send(get(server.url())).ok());
    const auto second = server.requests().at(1);
    EXPECT_THAT(second, StartsWith("GET / "));
    EXPECT_THAT(second, Not(HasSubstr("secret")));
    EXPECT_THAT(second, Not(HasSubstr("Cookie")));
}

TEST_F(Curl, ConnectsToNobodyForWhatCannotBeSent) {
    const CannedServer server({kOk});
    auto request = get(server.url());
    request.fields = {{"X", "a\r\nY: b"}};
    EXPECT_EQ(codeOf(server, request), ErrorCode::kInvalidInput);
    EXPECT_EQ(server.connections(), 0);
}

TEST_F(Curl, KeepsToItsLimits) {
    const CannedServer large({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x')});
    auto request = get(large.url());
    request.limits.maxBodyBytes = 99;
    EXPECT_EQ(codeOf(large, request), ErrorCode::kTooLarge);
    const CannedServer head({"HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x') + "\r\nContent-Length: 0\r\n\r\n"});
    auto second = get(head.url());
    second.limits.maxHeadBytes = 1000;
    EXPECT_EQ(codeOf(head, second), ErrorCode::kTooLarge);
    const CannedServer slow({"HANG"});
    auto third = get(slow.url());
    third.limits.totalTimeout = std::chrono::milliseconds(100);
    EXPECT_EQ(codeOf(slow, third), ErrorCode::kTimeout);
}

TEST_F(Curl, TellsBrokenAnswersFromAbsentServers) {
    const CannedServer gone({""});
    EXPECT_EQ(codeOf(gone, get(gone.url())), ErrorCode::kUpstream);
    const CannedServer cut({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", ""});
    auto request = get(cut.url());
    request.limits.totalTimeout = std::chrono::milliseconds(300);
    EXPECT_NE(codeOf(cut, request), ErrorCode::kInternal);
    core::Url closed = core::Url::parse("http://127.0.0.1:1/").value();
    CurlClient client({{closed}, "", "", 1}, clock_);
    EXPECT_EQ(client.send(get(closed)).error().code, ErrorCode::kUnavailable);
}

TEST_F(Curl, IgnoresTheProxyOfTheEnvironment) {
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    const CannedServer server({kOk});
    EXPECT_TRUE(ask(server, get(server.url())).ok());
    unsetenv("http_proxy");
    unsetenv("all_proxy");
}

TEST_F(Curl, NeverFallsBackToPlainText) {
    const CannedServer server({kOk});
    auto url = server.url();
    url.scheme = "https";
    CurlClient client({{url}, "", "", 1}, clock_);
    auto request = get(url);
    request.limits.connectTimeout = std::chrono::milliseconds(200);
    request.fields = {{"Authorization", "secret"}};
    EXPECT_FALSE(client.send(request).ok());
    for (const auto& seen : server.requests()) EXPECT_THAT(seen, Not(HasSubstr("secret")));
}

TEST_F(Curl, SkipsInterimAnswers) {
    const CannedServer server(
        {"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-B: 2\r\n\r\n"});
    const auto response = ask(server, get(server.url()));
    ASSERT_TRUE(response.ok());
    EXPECT_EQ(response->status, 200);
    EXPECT_FALSE(response->find("link").has_value());
    EXPECT_EQ(response->find("X-B"), "2");
}

}  // namespace
}  // namespace yimen::http
