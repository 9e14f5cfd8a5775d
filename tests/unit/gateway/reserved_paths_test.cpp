#include "gateway/reserved_paths.h"

#include <gmock/gmock.h>

#include "core/url.h"
#include "unit/gateway/fixture.h"

namespace yimen::gateway {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

TEST(ReservedPaths, AreTheHubsAtAnyDepthAndNoOthers) {
    EXPECT_TRUE(isReserved("/.yimen"));
    EXPECT_TRUE(isReserved(kEnterPath));
    EXPECT_TRUE(isReserved("/.yimen/anything/else"));
    EXPECT_FALSE(isReserved("/.yimen-other"));
    EXPECT_FALSE(isReserved("/a/.yimen/enter"));
}

TEST(EntryWish, LeadsOnlyToPathsOfTheSystem) {
    const test::FakeSystem system;
    const std::string home = system.route->manifest().paths.home;
    const auto to = [&](std::string_view wanted) {
        return readEntry("code=c&to=" + core::percentEncode(wanted), *system.route).to;
    };
    EXPECT_EQ(to("/a/b?x=1&y=2"), "/a/b?x=1&y=2");
    EXPECT_EQ(to("//evil.example/"), "/evil.example/") << "a path of this host, not another host";
    for (const char* elsewhere : {"", "https://evil.example/", "/\\evil.example", "a/b", "/a/../b", "/.yimen/enter",
                                  "/x/../.yimen/signed-out", "/%2e%2e/%2f"}) {
        EXPECT_EQ(to(elsewhere), home) << elsewhere;
    }
    for (const char* broken : {"/a?b c", "/a?b#c", "/a?b\r\nSet-Cookie: x=1", "/a?\xe4\xb8\xad"}) {
        EXPECT_EQ(to(broken), "/a") << "the query is left out, the path stays";
    }
}

TEST(EntryWish, TakesTheFirstOfEachNameAndForgivesAnUnreadableQuery) {
    const test::FakeSystem system;
    const auto wish = readEntry("code=1&to=%2Fa&code=2&to=%2Fb", *system.route);
    EXPECT_EQ(wish.code, "1");
    EXPECT_EQ(wish.to, "/a");
    const auto broken = readEntry("code=%zz&to=%2Fa", *system.route);
    EXPECT_EQ(broken.code, "");
    EXPECT_EQ(broken.to, system.route->manifest().paths.home);
}

TEST(ReservedReplies, SetACookieForThisHostAloneAndTakeItBack) {
    const auto entered = enteredReply("secret", "/a");
    EXPECT_EQ(entered.status, 303);
    EXPECT_THAT(entered.fields, Contains(Pair("Location", "/a")));
    EXPECT_THAT(entered.fields, Contains(Pair("Referrer-Policy", "no-referrer")));
    EXPECT_THAT(entered.fields, Contains(Pair("Set-Cookie",
                                              "__Host-yimen-app=secret; Path=/; Secure; HttpOnly; "
                                              "SameSite=Lax")));
    for (const auto& reply : {entered, signedOutReply()}) {
        EXPECT_THAT(reply.fields, Contains(Pair("Cache-Control", "no-store")));
        EXPECT_THAT(reply.fields, Not(Contains(Pair("Set-Cookie", HasSubstr("Domain")))));
    }
    EXPECT_THAT(signedOutReply().fields, Contains(Pair("Set-Cookie", HasSubstr("Max-Age=0"))));
    EXPECT_THAT(signedOutReply().fields, Contains(Pair("Clear-Site-Data", HasSubstr("\"storage\""))));
}

}  // namespace
}  // namespace yimen::gateway
