#include "sync/sources/http_spec_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

using ::testing::HasSubstr;

std::string faultsOf(const std::string& request, MoreNames more) {
    const auto yaml = config::YamlDocument::parse(request, "data.yaml");
    EXPECT_TRUE(yaml.ok());
    config::YamlErrors errors;
    readRequest(yaml->root(), errors, more);
    const auto status = errors.status();
    return status.ok() ? "" : status.error().message;
}

TEST(HttpSpecParts, KnowNamesThatOnlySomeRequestsHave) {
    const std::string login = "path: /login\nbody: \"{user}:{password|md5}\"\n";
    EXPECT_THAT(faultsOf(login, {}), HasSubstr("nothing is called {user} here"));
    constexpr std::array<std::string_view, 2> kMore{"user", "password"};
    EXPECT_EQ(faultsOf(login, kMore), "");
    EXPECT_EQ(faultsOf("path: /x\nheaders: {Authorization: \"Bearer {token}\"}\n", {}), "");
}

TEST(HttpSpecParts, NameWhatIsWrongWithARequest) {
    EXPECT_THAT(faultsOf("path: list\n", {}), HasSubstr("begins with /"));
    EXPECT_THAT(faultsOf("path: /x\nbody: \"{nonsense}\"\n", {}), HasSubstr("{nonsense}"));
    EXPECT_THAT(faultsOf("path: /x\nquery: {a: \"{page|rot13}\"}\n", {}), HasSubstr("unknown filter"));
    EXPECT_THAT(faultsOf("path: /x\nbody_charset: klingon\n", {}), HasSubstr("unknown charset"));
}

}  // namespace
}  // namespace yimen::sync
