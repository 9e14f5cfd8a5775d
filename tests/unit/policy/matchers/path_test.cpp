#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class PathMatcherTest : public MatchersTest {};

TEST_F(PathMatcherTest, PathMatchesTheRequest) {
    EXPECT_TRUE(allows("{path: /a}", Question().asks("GET", "/a/b")));
    EXPECT_FALSE(allows("{path: /a}", Question().asks("GET", "/ab")));
    EXPECT_TRUE(allows("{path: /a/*/c}", Question().asks("GET", "/a/b/c")));
    EXPECT_FALSE(allows("{path: /a/*/c}", Question().asks("GET", "/a/b/d")));
    EXPECT_FALSE(allows("{path: /a}", Question().asks("GET", "/A")));
}

TEST_F(PathMatcherTest, APathThatTakesAwayIsReadWidely) {
    const char* when = "{not: {path: /admin}}";
    EXPECT_TRUE(allows(when, Question().asks("GET", "/administration")));
    for (const char* path : {"/admin", "/admin/x", "/ADMIN/x", "/admin;v=1/x", "/;v/admin", "/Admin;"}) {
        EXPECT_FALSE(allows(when, Question().asks("GET", path))) << path;
    }
    EXPECT_FALSE(allows(when, Question().asks("GET", "/" + std::string(3000, 'a') + ";x")));
}

}  // namespace
}  // namespace yimen::policy
