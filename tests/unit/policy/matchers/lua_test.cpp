#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class LuaMatcherTest : public MatchersTest {};

TEST_F(LuaMatcherTest, LuaDecidesWithinItsBudget) {
    EXPECT_TRUE(allows("{lua: \"return request.path == '/x' and subject.posts[1].title == 'a'\"}",
                       Question().post({"S"}, "a", {}).asks("GET", "/x")));
    EXPECT_FALSE(allows("{lua: \"return false\"}", Question()));
    EXPECT_FALSE(allows("{lua: \"while true do end\"}", Question()));
    EXPECT_FALSE(allows("{lua: \"return nothing.x\"}", Question()));
}

}  // namespace
}  // namespace yimen::policy
