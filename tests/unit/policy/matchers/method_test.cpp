#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class MethodMatcherTest : public MatchersTest {};

TEST_F(MethodMatcherTest, MethodMatchesTheRequest) {
    EXPECT_TRUE(allows("{method: [GET, HEAD]}", Question()));
    EXPECT_FALSE(allows("{method: POST}", Question()));
    EXPECT_EQ(change_, ChangeKind::kRequest);
}

}  // namespace
}  // namespace yimen::policy
