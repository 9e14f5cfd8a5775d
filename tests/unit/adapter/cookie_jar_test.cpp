#include "adapter/cookie_jar.h"

#include <gtest/gtest.h>

namespace yimen::adapter {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class Jar : public testing::Test {
protected:
    const core::Url url_ = core::Url::parse("http://oa.zs.gov.local:8080/app/login.do").value();
    const core::WallTime now_ = core::fromUnixSeconds(1767225600);
    CookieJar jar_;

    std::string at(const std::string& path, const std::string& host = "oa.zs.gov.local", bool secure = false) {
        return jar_.header(host, path, secure, now_);
    }
};

TEST_F(Jar, TakesTheDefaultPathFromTheRequest) {
    ASSERT_TRUE(jar_.store("a=1", url_, now_));
    EXPECT_EQ(at("/app/x"), "a=1");
    EXPECT_EQ(at("/app"), "a=1");
    EXPECT_EQ(at("/application"), "");
    EXPECT_EQ(at("/"), "");
}

TEST_F(Jar, KeepsCookiesOfOneNameApartByPath) {
    jar_.store("JSESSIONID=root; Path=/", url_, now_);
    jar_.store("JSESSIONID=app; Path=/app", url_, now_);
    EXPECT_EQ(at("/app/x"), "JSESSIONID=app; JSESSIONID=root");
    EXPECT_EQ(at("/other"), "JSESSIONID=root");
}

TEST_F(Jar, MakesAForeignDomainHostOnly) {
    jar_.store("LtpaToken=x; Domain=.dlzs.gov.local; Path=/", url_, now_);
    EXPECT_EQ(at("/"), "LtpaToken=x");
    EXPECT_EQ(at("/", "www.dlzs.gov.local"), "");
}

TEST_F(Jar, HonoursADomainTheHostBelongsTo) {
    jar_.store("sso=1; Domain=zs.gov.local; Path=/", url_, now_);
    EXPECT_EQ(at("/", "portal.zs.gov.local"), "sso=1");
    EXPECT_EQ(at("/", "evilzs.gov.local"), "");
}

TEST_F(Jar, NeverSharesByDomainBetweenAddresses) {
    const auto address = core::Url::parse("http://10.1.2.3/").value();
    jar_.store("a=1; Domain=2.3; Path=/", address, now_);
    EXPECT_EQ(at("/", "9.1.2.3"), "");
    EXPECT_EQ(at("/", "10.1.2.3"), "a=1");
}

TEST_F(Jar, ReplacesAndDeletes) {
    jar_.store("a=1; Path=/", url_, now_);
    jar_.store("a=2; Path=/", url_, now_);
    EXPECT_EQ(at("/"), "a=2");
    jar_.store("a=; Path=/; Max-Age=0", url_, now_);
    EXPECT_TRUE(jar_.empty());
    jar_.store("b=1; Path=/", url_, now_);
    jar_.store("b=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", url_, now_);
    EXPECT_TRUE(jar_.empty());
}

TEST_F(Jar, LetsCookiesDieInTime) {
    jar_.store("a=1; Path=/; Max-Age=60", url_, now_);
    EXPECT_EQ(jar_.header("oa.zs.gov.local", "/", false, now_ + seconds(59)), "a=1");
    EXPECT_EQ(jar_.header("oa.zs.gov.local", "/", false, now_ + seconds(60)), "");
}

TEST_F(Jar, LetsMaxAgeWinOverExpires) {
    jar_.store("a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", url_, now_);
    EXPECT_EQ(at("/"), "a=1");
}

TEST_F(Jar, ReadsTheDatesThatServersWrite) {
    for (const char* date : {"Thu, 01 Jan 2026 02:00:00 GMT", "Thursday, 01-Jan-26 02:00:00 GMT",
                             "Thu Jan 1 02:00:00 2026", "Thu, 1-Jan-2026 02:00:00 GMT"}) {
        CookieJar jar;
        ASSERT_TRUE(jar.store(std::string("a=1; Path=/; Expires=") + date, url_, now_)) << date;
        EXPECT_EQ(jar.header("oa.zs.gov.local", "/", false, now_ + hours(1)), "a=1") << date;
        EXPECT_EQ(jar.header("oa.zs.gov.local", "/", false, now_ + hours(3)), "") << date;
    }
}

TEST_F(Jar, TakesABrokenDateAsASessionCookie) {
    for (const char* date : {"never", "Thu, 99 Foo 2026 02:00:00 GMT", "32 Jan 2026 25:00:00", ""}) {
        CookieJar jar;
        jar.store(std::string("a=1; Path=/; Expires=") + date, url_, now_);
        EXPECT_EQ(jar.header("oa.zs.gov.local", "/", false, now_ + hours(24 * 365)), "a=1") << date;
    }
}

TEST_F(Jar, KeepsSecureCookiesToSecureSystems) {
    const auto secure = core::Url::parse("https://oa.zs.gov.local/").value();
    jar_.store("a=1; Path=/; Secure", secure, now_);
    EXPECT_EQ(at("/", "oa.zs.gov.local", false), "");
    EXPECT_EQ(at("/", "oa.zs.gov.local", true), "a=1");
}

TEST_F(Jar, RefusesWhatWouldBreakAHeader) {
    EXPECT_FALSE(jar_.store("a=1\r\nX: y", url_, now_));
    EXPECT_FALSE(jar_.store("novalue", url_, now_));
    EXPECT_FALSE(jar_.store("=1", url_, now_));
    EXPECT_FALSE(jar_.store("a=" + std::string(CookieJar::kMaxCookieBytes, 'x'), url_, now_));
    EXPECT_TRUE(jar_.empty());
}

TEST_F(Jar, DropsTheOldestBeyondItsLimit) {
    for (std::size_t i = 0; i <= CookieJar::kMaxCookies; ++i)
        jar_.store("c" + std::to_string(i) + "=1; Path=/", url_, now_);
    EXPECT_FALSE(jar_.has("c0"));
    EXPECT_TRUE(jar_.has("c1"));
    EXPECT_TRUE(jar_.has("c" + std::to_string(CookieJar::kMaxCookies)));
}

TEST_F(Jar, KeepsValuesAsTheyAre) {
    jar_.store("JSESSIONID=abc!123!-9; Path=/", url_, now_);
    jar_.store("t=a=b+c/d==; Path=/", url_, now_);
    EXPECT_EQ(at("/"), "JSESSIONID=abc!123!-9; t=a=b+c/d==");
}

}  // namespace
}  // namespace yimen::adapter
