#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class PersonMatcherTest : public MatchersTest {};

TEST_F(PersonMatcherTest, PersonMatchesByName) {
    EXPECT_TRUE(allows("{person: [ligong, wangmin]}", Question()));
    EXPECT_FALSE(allows("{person: ligong}", Question()));
    EXPECT_EQ(change_, ChangeKind::kException);
}

}  // namespace
}  // namespace yimen::policy
