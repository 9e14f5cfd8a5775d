#include "adapter/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
