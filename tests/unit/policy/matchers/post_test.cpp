#include "unit/policy/matchers/fixture.h"

namespace yimen::policy {
namespace {

class PostMatcherTest : public MatchersTest {};

TEST_F(PostMatcherTest, PostNeedsItAllInOnePost) {
    const char* when = "{post: {org: street, role: clerk, title: 承办员}}";
    EXPECT_TRUE(allows(when, Question().post({"S"}, "承办员", {"clerk"})));
    EXPECT_FALSE(allows(when, Question().post({"S"}, "承办员", {}).post({"H"}, "承办员", {"clerk"})));
    EXPECT_EQ(change_, ChangeKind::kAddPost);
    EXPECT_FALSE(allows(when, Question().post({"S"}, "主任", {"clerk"})));
}

TEST_F(PostMatcherTest, ActingPostIsTheOneChosen) {
    const char* when = "{post: {org: street, acting: true}}";
    Question question;
    question.post({"H"}, "", {}).post({"S"}, "", {});
    EXPECT_FALSE(allows(when, question));
    question.subject.actingPost = 1;
    EXPECT_TRUE(allows(when, question));
}

}  // namespace
}  // namespace yimen::policy
