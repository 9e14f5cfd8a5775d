#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class UnitsMatcherTest : public MatchersTest {};

TEST_F(UnitsMatcherTest, UnitsAreNamedInWords) {
    const auto engine =
        folder_.engine("rules:\n  - {id: r, title: r, effect: allow, systems: all, when: {org: [housing, street]}}\n");
    Question question;
    question.post({"X"}, "科员", {});
    question.subject.posts[0].orgName = "民政局";
    const Explanation why = question.explain(*engine);
    ASSERT_EQ(why.unmet.size(), 1U);
    EXPECT_EQ(why.unmet[0].have.zh, "民政局 科员");
    EXPECT_EQ(why.unmet[0].need.zh, "住建局 或 街道");
    EXPECT_EQ(why.change.words.zh, "在“住建局”任职");
    EXPECT_EQ(Question().explain(*engine).unmet[0].have.zh, "无");
}

}  // namespace
}  // namespace yimen::policy
