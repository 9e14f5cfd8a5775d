#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class AssuranceMatcherTest : public MatchersTest {};

TEST_F(AssuranceMatcherTest, AssuranceIsALowerBound) {
    Question question;
    question.subject.assurance = 2;
    EXPECT_TRUE(allows("{assurance: 2}", question));
    EXPECT_FALSE(allows("{assurance: 3}", question));
    EXPECT_EQ(change_, ChangeKind::kAssurance);
}

}  // namespace
}  // namespace yimen::policy
