#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class CombinatorsTest : public MatchersTest {};

TEST_F(CombinatorsTest, CombinatorsNest) {
    const char* when = "{any: [{role: leader}, {all: [{role: clerk}, {not: {org: street}}]}]}";
    EXPECT_TRUE(allows(when, Question().role("leader").post({"S"}, "", {})));
    EXPECT_TRUE(allows(when, Question().role("clerk")));
    EXPECT_FALSE(allows(when, Question().role("clerk").post({"S"}, "", {})));
    EXPECT_FALSE(allows(when, Question()));
}

}  // namespace
}  // namespace yimen::policy
