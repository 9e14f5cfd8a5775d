#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::ErrorCode;

template <typename Backend>
class PostConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE_P(PostConformance);

TYPED_TEST_P(PostConformance, KeepsSeveralPostsOfOnePersonAndTheChosenOne) {
    const auto person = this->person("a");
    const auto org = this->organisation("E", OrgKind::kStreet, 0);
    const auto first = this->stores.posts->create({0, person.id, org.id, "科员", "clerk", {1, 2}});
    auto second = this->stores.posts->create({0, person.id, org.id, "主任", "leader", {3, kOpenEnd}});
    ASSERT_TRUE(first.ok());
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(*this->stores.posts->preferredPost(person.id), 0);
    ASSERT_TRUE(this->stores.posts->setPreferredPost(person.id, first->id).ok());
    ASSERT_TRUE(this->stores.posts->setPreferredPost(person.id, second->id).ok());
    second->title = "副主任";
    second->validity.to = 9;
    ASSERT_TRUE(this->stores.posts->update(*second).ok());
    const Stores again = this->reopened();
    EXPECT_EQ(*again.posts->preferredPost(person.id), second->id);
    const auto all = again.posts->all();
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ((*all)[1].title, "副主任");
    EXPECT_EQ((*all)[1].validity, (Validity{3, 9}));
}

TYPED_TEST_P(PostConformance, RefusesAPostOfNobodyOrNowhere) {
    const auto person = this->person("a");
    EXPECT_EQ(this->stores.posts->create({0, person.id, 77, "", "", {}}).error().code, ErrorCode::kConflict);
    EXPECT_EQ(this->stores.posts->create({0, 77, 1, "", "", {}}).error().code, ErrorCode::kConflict);
    EXPECT_EQ(this->stores.posts->update({77, person.id, 1, "", "", {}}).error().code, ErrorCode::kNotFound);
}

REGISTER_TYPED_TEST_SUITE_P(PostConformance, KeepsSeveralPostsOfOnePersonAndTheChosenOne,
                            RefusesAPostOfNobodyOrNowhere);

}  // namespace yimen::store::test
