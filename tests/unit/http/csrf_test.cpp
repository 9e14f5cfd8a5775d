#include "http/csrf.h"

#include <gtest/gtest.h>

namespace yimen::http {
namespace {

crypto::Key keyOf(std::uint8_t fill) {
    return crypto::Key::fromBytes(core::Bytes(crypto::Key::kSize, fill)).value();
}

core::Url hub() {
    return core::Url::parse("https://yimen.example").value();
}

Request post(std::initializer_list<Headers::Field> fields) {
    Request request;
    request.method = "POST";
    request.headers = Headers(fields);
    return request;
}

TEST(CsrfGuard, LetsSafeMethodsPass) {
    const CsrfGuard guard(keyOf(1), hub());
    Request request;
    request.headers.add("Origin", "https://evil.example");
    EXPECT_TRUE(guard.check(request, "s").ok());
}

TEST(CsrfGuard, AcceptsTheOwnOriginOnly) {
    const CsrfGuard guard(keyOf(1), hub());
    EXPECT_TRUE(guard.checkOrigin(post({{"Origin", "https://yimen.example"}})).ok());
    for (const char* origin :
         {"https://yimen.example.evil.cn", "https://evilyimen.example", "https://yimen.example:8443",
          "http://yimen.example", "https://qu-oa.yimen.example", "https://yimen.example/", "HTTPS://yimen.example",
          "https://YIMEN.example", "https://yimen.example@evil.cn", "https://yimen.example%2eevil.cn", "null", "",
          "https://yimen.example https://evil.cn", "https://yimen.exampl\xC3\xA9", "//yimen.example",
          "yimen.example"}) {
        EXPECT_FALSE(guard.checkOrigin(post({{"Origin", origin}})).ok()) << origin;
    }
}

TEST(CsrfGuard, RefusesTwoOrigins) {
    const CsrfGuard guard(keyOf(1), hub());
    EXPECT_FALSE(
        guard.checkOrigin(post({{"Origin", "https://yimen.example"}, {"Origin", "https://yimen.example"}})).ok());
}

TEST(CsrfGuard, BelievesSecFetchSiteFirst) {
    const CsrfGuard guard(keyOf(1), hub());
    EXPECT_TRUE(guard.checkOrigin(post({{"Sec-Fetch-Site", "same-origin"}})).ok());
    for (const char* site : {"same-site", "cross-site", "none", ""}) {
        EXPECT_FALSE(guard.checkOrigin(post({{"Sec-Fetch-Site", site}, {"Origin", "https://yimen.example"}})).ok())
            << site;
    }
    EXPECT_FALSE(guard.checkOrigin(post({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://evil.example"}})).ok());
}

TEST(CsrfGuard, FallsBackToTheReferer) {
    const CsrfGuard guard(keyOf(1), hub());
    EXPECT_TRUE(guard.checkOrigin(post({{"Referer", "https://yimen.example/me/links?x=1#y"}})).ok());
    for (const char* referer : {"https://yimen.example.evil.cn/", "https://evil.cn/https://yimen.example/",
                                "https://yimen.example@evil.cn/", "https://evil.cn/?https://yimen.example", ""}) {
        EXPECT_FALSE(guard.checkOrigin(post({{"Referer", referer}})).ok()) << referer;
    }
}

TEST(CsrfGuard, RefusesARequestThatNamesNoPage) {
    EXPECT_FALSE(CsrfGuard(keyOf(1), hub()).checkOrigin(post({})).ok());
}

TEST(CsrfGuard, BindsTheTokenToTheSession) {
    const CsrfGuard guard(keyOf(1), hub());
    const std::string token = guard.tokenFor("session-a");
    EXPECT_GE(token.size(), 16U);
    const Request request = post({{"Origin", "https://yimen.example"}, {"X-CSRF-Token", token}});
    EXPECT_TRUE(guard.check(request, "session-a").ok());
    EXPECT_FALSE(guard.check(request, "session-b").ok());
    EXPECT_NE(token, CsrfGuard(keyOf(2), hub()).tokenFor("session-a"));
}

TEST(CsrfGuard, TakesTheTokenFromAFormOnce) {
    const CsrfGuard guard(keyOf(1), hub());
    Params form;
    form.add("csrf_token", guard.tokenFor("s"));
    const Request request = post({{"Origin", "https://yimen.example"}});
    EXPECT_TRUE(guard.check(request, "s", &form).ok());
    form.add("csrf_token", "other");
    EXPECT_FALSE(guard.check(request, "s", &form).ok());
    EXPECT_FALSE(guard.check(request, "s").ok());
}

class LoginFormsTest : public testing::Test {
protected:
    core::SystemRandom random_;
    core::ManualClock clock_;
    LoginForms forms_{keyOf(3), random_, clock_};
};

TEST_F(LoginFormsTest, TwoTabsEndAtTheirOwnDestinations) {
    const auto first = forms_.issue("", "/go/qu-oa");
    const auto second = forms_.issue(first.cookie, "/go/dl-8890?x=%0A");
    EXPECT_EQ(first.cookie, second.cookie);
    EXPECT_EQ(forms_.redeem(first.cookie, first.token).valueOr("none"), "/go/qu-oa");
    EXPECT_EQ(forms_.redeem(first.cookie, second.token).valueOr("none"), "/go/dl-8890?x=%0A");
    EXPECT_EQ(forms_.redeem(first.cookie, first.token).valueOr("none"), "/go/qu-oa");
}

TEST_F(LoginFormsTest, RefusesATokenOfAnotherBrowser) {
    const auto mine = forms_.issue("", "/");
    const auto theirs = forms_.issue("", "/");
    EXPECT_NE(mine.cookie, theirs.cookie);
    EXPECT_FALSE(forms_.redeem(mine.cookie, theirs.token).ok());
    EXPECT_FALSE(forms_.redeem("", mine.token).ok());
}

TEST_F(LoginFormsTest, RefusesEveryChangedByte) {
    const auto issued = forms_.issue("", "/go/qu-oa");
    for (std::size_t i = 0; i < issued.token.size(); ++i) {
        std::string changed = issued.token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(forms_.redeem(issued.cookie, changed).ok()) << i;
    }
    EXPECT_FALSE(forms_.redeem(issued.cookie, "").ok());
    EXPECT_FALSE(forms_.redeem(issued.cookie, ".").ok());
}

TEST_F(LoginFormsTest, RefusesAFormThatIsTooOld) {
    const auto issued = forms_.issue("", "/");
    clock_.advance(LoginForms::kLifetime);
    EXPECT_TRUE(forms_.redeem(issued.cookie, issued.token).ok());
    clock_.advance(std::chrono::seconds(1));
    EXPECT_FALSE(forms_.redeem(issued.cookie, issued.token).ok());
}

TEST_F(LoginFormsTest, ReplacesACookieItCannotHaveMade) {
    for (const char* cookie : {"short", "aaaaaaaaaaaaaaaaaaaaaaa!", "a; Path=/x; aaaaaaaaaaaaa"}) {
        EXPECT_NE(forms_.issue(cookie, "/").cookie, cookie);
    }
}

}  // namespace
}  // namespace yimen::http
