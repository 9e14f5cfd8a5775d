#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class NetworkMatcherTest : public MatchersTest {};

TEST_F(NetworkMatcherTest, NetworkMatchesTheZone) {
    EXPECT_TRUE(allows("{network: [office, mobile]}", Question().from("2001:db8::9")));
    EXPECT_TRUE(allows("{network: office}", Question().from("::ffff:10.9.9.9")));
    EXPECT_FALSE(allows("{network: office}", Question().from("8.8.8.8")));
    EXPECT_EQ(change_, ChangeKind::kClient);
    EXPECT_FALSE(allows("{not: {network: office}}", Question()));
    EXPECT_EQ(change_, ChangeKind::kClient);
}

}  // namespace
}  // namespace yimen::policy
