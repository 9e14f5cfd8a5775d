#include "http/return_to.h"

#include <gtest/gtest.h>

namespace yimen::http {
namespace {

ReturnTargets targets() {
    return ReturnTargets(core::Url::parse("https://yimen.example:8443").value(),
                         [](std::string_view host) { return host == "qu-oa.yimen.example"; });
}

/// Every spelling that some browser or library reads as another place.
constexpr const char* kTraps[] = {
    "",
    "//evil.cn",
    "///evil.cn",
    "////evil.cn",
    "/\\evil.cn",
    "\\\\evil.cn",
    "/\t/evil.cn",
    "/\n/evil.cn",
    "/\r/evil.cn",
    "\t//evil.cn",
    " //evil.cn",
    " https://evil.cn",
    "https://evil.cn",
    "https:evil.cn",
    "https:/evil.cn",
    "https:///evil.cn",
    "https:\\\\evil.cn",
    "https:/\\evil.cn",
    "http://yimen.example:8443/",
    "https://yimen.example/",
    "https://yimen.example:443/",
    "https://yimen.example:8444/",
    "https://yimen.example:8443@evil.cn/",
    "https://yimen.example:8443:x@evil.cn:8443/",
    "https://a@yimen.example:8443@evil.cn:8443/",
    "https://evil.cn:8443/",
    "https://yimen.example.evil.cn:8443/",
    "https://evilyimen.example:8443/",
    "https://xqu-oa.yimen.example:8443/",
    "https://qu-oa.yimen.example.evil.cn:8443/",
    "https://qu-oa.yimen.example:8443@evil.cn:8443/",
    "https://qu-oa.yimen.example:8443\\@evil.cn/",
    "https://evil.cn:8443/#@yimen.example:8443",
    "https://evil.cn:8443/?@yimen.example:8443",
    "https://evil.cn:8443\\.yimen.example:8443/",
    "https://yimen.example%2eevil.cn:8443/",
    "https://yimen.example%00.evil.cn:8443/",
    "https://yimen\xE3\x80\x82"
    "example:8443/",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "//yimen.example:8443/",
    "evil.cn",
    "evil.cn/..//",
    "?x",
    "#x",
    "/#//evil.cn",
    "/..//evil.cn",
    "/%2e%2e//evil.cn",
    "/a/..;/b",
    "/%2f/evil.cn",
    "/%5cevil.cn",
    "/a%00b",
    "/%09/evil.cn",
    "/%0d%0aSet-Cookie:x=1",
    "/\xE3\x80\x82"
    "evil",
    "/.",
    "/..",
    "/go/%252e%252e/x",
    "https://[::1]:8443/",
    "https://2130706433:8443/",
    "mailto:a@b",
    "ftp://yimen.example:8443/",
    "https://yimen.example:8443//evil.cn",
};

TEST(ReturnTargets, AcceptsOwnPaths) {
    EXPECT_EQ(targets().accept("/").valueOr(""), "/");
    EXPECT_EQ(targets().accept("/go/qu-oa?x=1&y=%20").valueOr(""), "/go/qu-oa?x=1&y=%20");
    EXPECT_EQ(targets().accept("/a//b").valueOr(""), "/a/b");
    EXPECT_EQ(targets().accept("/?next=https://evil.cn").valueOr(""), "/?next=https://evil.cn");
}

TEST(ReturnTargets, TurnsTheOwnHostIntoAPath) {
    EXPECT_EQ(targets().accept("https://yimen.example:8443/me").valueOr(""), "/me");
    EXPECT_EQ(targets().accept("https://YIMEN.example:8443/me").valueOr(""), "/me");
}

TEST(ReturnTargets, AcceptsKnownAppHosts) {
    EXPECT_EQ(targets().accept("https://qu-oa.yimen.example:8443/oa/main.nsf/(todo)?Read").valueOr(""),
              "https://qu-oa.yimen.example:8443/oa/main.nsf/(todo)?Read");
}

TEST(ReturnTargets, RefusesEveryFormOfOpenRedirect) {
    for (const char* target : kTraps) {
        const auto accepted = targets().accept(target);
        EXPECT_FALSE(accepted.ok()) << target << " -> " << (accepted.ok() ? *accepted : "");
    }
}

TEST(ReturnTargets, RefusesWhatIsTooLong) {
    EXPECT_FALSE(targets().accept("/" + std::string(ReturnTargets::kMaxLength, 'a')).ok());
    EXPECT_EQ(targets().acceptOr("//evil.cn", "/"), "/");
}

}  // namespace
}  // namespace yimen::http
