#include "config/fields.h"

#include <gtest/gtest.h>

namespace yimen::config::fields {
namespace {

TEST(Fields, HostNamesAreLowerCaseDnsNames) {
    for (const char* good : {"a", "yimen.localhost", "dl-8890.yimen.example", "x1.2y"}) EXPECT_TRUE(isHostName(good));
    for (const char* bad :
         {"", ".", "a.", ".a", "a..b", "-a", "a-", "a-.b", "A.b", "a_b", "a:1", "a/b", "a b", "*.a"}) {
        EXPECT_FALSE(isHostName(bad)) << bad;
    }
    EXPECT_FALSE(isHostName(std::string(254, 'a')));
}

TEST(Fields, IdsBeginWithALetter) {
    for (const char* good : {"a", "dl-8890", "qu-oa"}) EXPECT_TRUE(isId(good));
    for (const char* bad : {"", "8890", "-a", "a-", "A", "a.b", "a_b", "a/.."}) EXPECT_FALSE(isId(bad)) << bad;
    EXPECT_FALSE(isId(std::string(64, 'a')));
}

TEST(Fields, RelativePathsStandBesideTheFile) {
    EXPECT_EQ(absolutePath("x/../y", "/etc/yimen"), "/etc/yimen/y");
    EXPECT_EQ(absolutePath("/abs", "/etc/yimen"), "/abs");
}

}  // namespace
}  // namespace yimen::config::fields
