#include "adapter/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using testing::IsEmpty;

std::string redirect(const std::string& from, const std::string& to) {
    core::Json exchange;
    exchange["request"]["target"] = from;
    core::Json headers = core::Json::array();
    headers.push_back(core::Json::array({"Location", to}));
    headers.push_back(core::Json::array({"Set-Cookie", "seen=" + std::to_string(from.size())}));
    exchange["response"]["status"] = 302;
    exchange["response"]["headers"] = headers;
    return exchange.dump();
}

class Talk : public testing::Test {
protected:
    void open(const std::string& exchanges) {
        harness_ = std::make_unique<EngineHarness>("dl-8890", "[" + exchanges + "]");
        context_ = std::make_unique<SignOnContext>(harness_->context());
        exchange_ = std::make_unique<Exchange>(*context_, harness_->system->manifest());
    }
    std::unique_ptr<EngineHarness> harness_;
    std::unique_ptr<SignOnContext> context_;
    std::unique_ptr<Exchange> exchange_;
};

TEST_F(Talk, FollowsAFewRedirectsWithinTheOrigin) {
    open(redirect("/a", "b?x=1") + "," + redirect("/b?x=1", "http://system.test:8001/c") +
         R"(,{"request":{"target":"/c","headers":{"Cookie":"seen=6"}},"response":{"status":200}})");
    std::string target = "/a";
    const auto page = exchange_->page("login_page", target);
    ASSERT_TRUE(page.ok()) << page.error().describe();
    EXPECT_EQ(target, "/c");
    EXPECT_THAT(harness_->client->faults(), IsEmpty());
}

TEST_F(Talk, StopsAtARedirectLoop) {
    const auto same = redirect("/a", "/a");
    open(same + "," + same + "," + same + "," + same);
    std::string target = "/a";
    EXPECT_EQ(exchange_->page("login_page", target)->status, 302);
    EXPECT_THAT(harness_->client->faults(), IsEmpty());
}

/// Servers by port: those listed refuse connections, 8009 breaks off after it took the request.
class Servers final : public http::HttpClient {
public:
    explicit Servers(std::set<std::uint16_t> down) : down_(std::move(down)) {}
    core::Result<http::ClientResponse> send(const http::ClientRequest& request) override {
        asked.push_back(request.url.port);
        if (down_.contains(request.url.port)) return core::makeError(core::ErrorCode::kUnavailable, "no connection");
        if (request.url.port == 8009) return core::makeError(core::ErrorCode::kUpstream, "broke off");
        http::ClientResponse response;
        response.status = 200;
        response.fields = {{"Set-Cookie", "s=1"}};
        return response;
    }
    std::vector<std::uint16_t> asked;

private:
    std::set<std::uint16_t> down_;
};

class ManyServers : public testing::Test {
protected:
    core::Result<http::ClientResponse> talk(std::set<std::uint16_t> down, std::vector<int> ports, int requests = 1) {
        EngineHarness harness("dl-8890", "[]", [&](Manifest& manifest) {
            manifest.origin.servers.clear();
            for (const int port : ports) {
                manifest.origin.servers.push_back(
                    core::Url::parse("http://system.test:" + std::to_string(port)).value());
            }
        });
        Servers servers(std::move(down));
        const SignOnContext context{servers, *harness.session, harness.secrets, harness.clock, harness.random};
        Exchange exchange(context, harness.system->manifest());
        auto last = exchange.send({"login_page", "GET", "/a", {}, {}});
        for (int i = 1; i < requests && last.ok(); ++i)
            last = exchange.send({"submit", "POST", "/b", {}, "password=x"});
        asked = servers.asked;
        return last;
    }
    std::vector<std::uint16_t> asked;
};

TEST_F(ManyServers, TheNextOneIsAskedWhenOneCannotBeConnectedTo) {
    EXPECT_TRUE(talk({8001, 8002}, {8001, 8002, 8003}, 2).ok());
    EXPECT_THAT(asked, testing::ElementsAre(8001, 8002, 8003, 8003)) << "and the conversation stays there";
}

TEST_F(ManyServers, AServerThatTookTheRequestIsTheLast) {
    EXPECT_EQ(talk({}, {8009, 8001}).error().code, core::ErrorCode::kUpstream);
    EXPECT_THAT(asked, testing::ElementsAre(8009));
}

TEST_F(ManyServers, AllDownIsSaidOnceEachWasAsked) {
    EXPECT_EQ(talk({8001, 8002}, {8001, 8002}).error().code, core::ErrorCode::kUnavailable);
    EXPECT_THAT(asked, testing::ElementsAre(8001, 8002));
}

TEST_F(Talk, LeavesItsOriginForNobody) {
    for (const char* to :
         {"http://evil.test/", "//evil.test/", "https://system.test:8001/", "http://system.test:8002/"}) {
        open(redirect("/a", to));
        std::string target = "/a";
        EXPECT_EQ(exchange_->page("login_page", target).error().code, core::ErrorCode::kDenied) << to;
        EXPECT_THAT(harness_->client->faults(), IsEmpty()) << to;
    }
}

TEST_F(Talk, KeepsQueriesOutOfTheTrace) {
    open(R"({"request":{"target":"/sso?token=secret"},"response":{"status":200}})");
    ASSERT_TRUE(exchange_->send({"submit", "GET", "/sso?token=secret", {}, {}}).ok());
    const auto outcome = exchange_->finish(Outcome::kOk, "submit", "");
    ASSERT_EQ(outcome.trace.size(), 1U);
    EXPECT_EQ(outcome.trace[0].path, "/sso");
}

TEST_F(Talk, RefusesCharactersThePageCannotHold) {
    open("");
    HtmlForm form;
    form.set("name", "\xF0\x9F\x98\x80");
    EXPECT_EQ(exchange_->post("submit", "/do", form, "/").error().code, core::ErrorCode::kInvalidInput);
    EXPECT_THAT(harness_->client->faults(), IsEmpty());
}

TEST(DecodeBody, ReadsGb2312AsItsSuperset) {
    EXPECT_EQ(decodeBody("\xE9\x46", "GB2312").value(), "镕");
    EXPECT_FALSE(decodeBody("\xE9", "GB2312").ok());
}

}  // namespace
}  // namespace yimen::adapter
