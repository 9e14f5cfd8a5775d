#include "http/cookies.h"

#include <gtest/gtest.h>

namespace yimen::http {
namespace {

TEST(Cookies, ReadsPairsInOrder) {
    const Params cookies = parseCookies({"a=1; b=2;c=3", "d=4"});
    EXPECT_EQ(cookies.pairs().size(), 4U);
    EXPECT_EQ(cookies.text("c"), "3");
    EXPECT_EQ(cookies.text("d"), "4");
}

TEST(Cookies, KeepsValuesThatHoldAnEqualsSign) {
    EXPECT_EQ(parseCookies({"ticket=ab==; x=1"}).text("ticket"), "ab==");
}

TEST(Cookies, TakesARepeatedNameAsNone) {
    EXPECT_FALSE(parseCookies({"s=good; s=planted"}).one("s").has_value());
    EXPECT_FALSE(parseCookies({"s=good", "s=planted"}).one("s").has_value());
}

TEST(Cookies, LeavesOutWhatIsNotACookie) {
    const Params cookies = parseCookies({"lonely; =v; a b=1; c=x\x01y; d=\"q\"; e=; f=a,b; ;; g=1"});
    EXPECT_FALSE(cookies.has("lonely"));
    EXPECT_FALSE(cookies.has(""));
    EXPECT_FALSE(cookies.has("a b"));
    EXPECT_FALSE(cookies.has("c"));
    EXPECT_FALSE(cookies.has("f"));
    EXPECT_EQ(cookies.text("d"), "\"q\"");
    EXPECT_TRUE(cookies.has("e"));
    EXPECT_EQ(cookies.text("g"), "1");
}

TEST(Cookies, DoesNotTakeOneNameForAnother) {
    const Params cookies = parseCookies({"__host-session=evil; __Host-session =evil; X__Host-session=evil"});
    EXPECT_FALSE(cookies.has("__Host-session"));
}

TEST(Cookies, StopsAtTheLimit) {
    std::string field;
    for (int i = 0; i < 500; ++i) field += "c" + std::to_string(i) + "=1; ";
    EXPECT_EQ(parseCookies({field}).pairs().size(), kMaxCookies);
}

TEST(SetCookie, WritesTheSafeDefaults) {
    const SetCookie cookie{"__Host-yimen", "abc", SameSite::kLax, true, std::nullopt};
    EXPECT_EQ(cookie.field().valueOr(""), "__Host-yimen=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
}

TEST(SetCookie, WritesMaxAgeAndSameSite) {
    const SetCookie cookie{"ui", "dark", SameSite::kStrict, false, std::chrono::seconds(60)};
    EXPECT_EQ(cookie.field().valueOr(""), "ui=dark; Path=/; Secure; SameSite=Strict; Max-Age=60");
}

TEST(SetCookie, RefusesWhatWouldAddAttributesOrLines) {
    for (const char* value : {"a; Domain=evil", "a b", "a\r\nX: y", "a\"b", "中"}) {
        EXPECT_FALSE((SetCookie{"n", value, SameSite::kLax, true, std::nullopt}.field().ok())) << value;
    }
    EXPECT_FALSE((SetCookie{"a=b", "v", SameSite::kLax, true, std::nullopt}.field().ok()));
    Response response;
    addCookie(response, SetCookie{"n", "a;b", SameSite::kLax, true, std::nullopt});
    EXPECT_FALSE(response.headers.has("Set-Cookie"));
}

}  // namespace
}  // namespace yimen::http
