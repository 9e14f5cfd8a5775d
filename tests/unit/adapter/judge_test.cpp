#include <gtest/gtest.h>

#include "adapter/exchange.h"

namespace yimen::adapter {
namespace {

class Judge : public testing::Test {
protected:
    Outcome of(int status, const std::string& body) {
        http::ClientResponse response;
        response.status = status;
        response.body = body;
        return judge(manifest_, response).outcome;
    }
    static Matcher json(const std::string& member, std::optional<std::string> value) {
        Matcher matcher;
        matcher.jsonMember = member;
        matcher.jsonValue = std::move(value);
        return matcher;
    }
    Manifest manifest_;
};

TEST_F(Judge, CallsWhatNothingExplainsAChangedPage) {
    EXPECT_EQ(of(200, "hello"), Outcome::kPageChanged);
}

TEST_F(Judge, PutsTheWorseSignFirst) {
    Matcher any;
    any.status = {200};
    manifest_.signals.success = {any};
    EXPECT_EQ(of(200, ""), Outcome::kOk);
    manifest_.signals.failure = {any};
    EXPECT_EQ(of(200, ""), Outcome::kBadPassword);
    manifest_.signals.maintenance = {any};
    EXPECT_EQ(of(200, ""), Outcome::kMaintenance);
    manifest_.signals.secondSession = {any};
    EXPECT_EQ(of(200, ""), Outcome::kSecondSession);
    manifest_.signals.captcha = {any};
    EXPECT_EQ(of(200, ""), Outcome::kCaptcha);
    manifest_.signals.mustChange = {any};
    EXPECT_EQ(of(200, ""), Outcome::kMustChange);
    manifest_.signals.locked = {any};
    EXPECT_EQ(of(200, ""), Outcome::kLocked);
}

TEST_F(Judge, ReadsJsonMembers) {
    manifest_.signals.success = {json("data.token", std::nullopt)};
    manifest_.signals.failure = {json("code", "7")};
    EXPECT_EQ(of(200, R"({"code":0,"data":{"token":"x"}})"), Outcome::kOk);
    EXPECT_EQ(of(200, R"({"code":7})"), Outcome::kBadPassword);
    EXPECT_EQ(of(200, R"({"code":"7"})"), Outcome::kBadPassword);
    for (const char* body : {"", "{", "[]", R"({"data":null})", R"({"data":{"token":null}})", R"({"data":"token"})"}) {
        EXPECT_EQ(of(200, body), Outcome::kPageChanged) << body;
    }
}

TEST_F(Judge, WantsElementsToSaySomething) {
    Matcher filled;
    filled.selector = "span#msg";
    filled.text = "";
    manifest_.signals.failure = {filled};
    EXPECT_EQ(of(200, "<span id=msg>错误</span>"), Outcome::kBadPassword);
    EXPECT_EQ(of(200, "<span id=msg> \n </span>"), Outcome::kPageChanged);
    manifest_.signals.failure[0].text = "密码";
    EXPECT_EQ(of(200, "<span id=msg>错误</span>"), Outcome::kPageChanged);
    manifest_.signals.failure[0].text.reset();
    EXPECT_EQ(of(200, "<span id=msg></span>"), Outcome::kBadPassword);
}

TEST_F(Judge, WantsEveryPartOfASign) {
    Matcher both;
    both.status = {200};
    both.bodyContains = "yes";
    manifest_.signals.success = {both};
    EXPECT_EQ(of(200, "yes"), Outcome::kOk);
    EXPECT_EQ(of(302, "yes"), Outcome::kPageChanged);
    EXPECT_EQ(of(200, "no"), Outcome::kPageChanged);
}

}  // namespace
}  // namespace yimen::adapter
