#include "gateway/route.h"

#include "unit/gateway/fixture.h"

namespace yimen::gateway {
namespace {

TEST(Route, KnowsItsAddressesAndPaths) {
    const test::FakeSystem system("qu-tourism", [](adapter::Manifest& m) {
        m.paths.publicPaths = {"/open/**"};
        m.paths.denied = {"/closed/**", "/api/*/secret"};
        m.cookies.pass = {"lang"};
    });
    const Route& route = *system.route;
    EXPECT_EQ(route.publicOrigin, "https://qu-tourism.yimen.test");
    EXPECT_EQ(route.systemOrigin, "http://10.1.2.3:8001");
    EXPECT_EQ(route.hostField, "10.1.2.3:8001");
    EXPECT_TRUE(route.isPublic("/open/a/b") && !route.isPublic("/opened") && !route.isPublic("/"));
    EXPECT_TRUE(route.isDenied("/closed/x") && route.isDenied("/api/1/secret") && !route.isDenied("/api/1/2/secret"));
    EXPECT_TRUE(route.passesCookie("lang") && !route.passesCookie("Lang") && !route.passesCookie("lan"));
}

TEST(Route, IgnoresCaseWhereTheSystemDoes) {
    const test::FakeSystem system("qu-tourism", [](adapter::Manifest& m) {
        m.paths.denied = {"/closed/**"};
        m.paths.ignoreCase = true;
    });
    EXPECT_TRUE(system.route->isDenied("/CLOSED/x"));
}

TEST(RouteTable, FindsByHostWithoutCaseAndPort) {
    const test::FakeSystem system;
    RouteTable table;
    table.add("qu-tourism.yimen.test", system.route);
    for (const char* host : {"qu-tourism.yimen.test", "QU-Tourism.Yimen.Test", "qu-tourism.yimen.test:8443"}) {
        ASSERT_NE(table.find(host), nullptr) << host;
        EXPECT_EQ(*table.find(host), system.route);
    }
    for (const char* host : {"yimen.test", "x.qu-tourism.yimen.test", "qu-tourism.yimen.test.evil", "", "[::1]:80"}) {
        EXPECT_EQ(table.find(host), nullptr) << host;
    }
    EXPECT_EQ(hostName("[::1]:8443"), "[::1]");
}

}  // namespace
}  // namespace yimen::gateway
