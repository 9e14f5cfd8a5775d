#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class OrgMatcherTest : public MatchersTest {};

TEST_F(OrgMatcherTest, OrgMatchesTheUnitAndAllBelow) {
    EXPECT_TRUE(allows("{org: street}", Question().post({"S"}, "", {})));
    EXPECT_TRUE(allows("{org: street}", Question().post({"SG1", "SC", "S", "D"}, "", {})));
    EXPECT_FALSE(allows("{org: street}", Question().post({"D"}, "", {})));
    EXPECT_EQ(change_, ChangeKind::kAddPost);
}

}  // namespace
}  // namespace yimen::policy
