#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class RoleMatcherTest : public MatchersTest {};

TEST_F(RoleMatcherTest, RoleMatchesInPersonAndThroughAnyPost) {
    EXPECT_TRUE(allows("{role: [leader, clerk]}", Question().role("clerk")));
    EXPECT_TRUE(allows("{role: clerk}", Question().post({"X"}, "a", {}).post({"H"}, "b", {"clerk"})));
    EXPECT_FALSE(allows("{role: clerk}", Question().role("leader")));
    EXPECT_EQ(change_, ChangeKind::kAddRole);
}

}  // namespace
}  // namespace yimen::policy
