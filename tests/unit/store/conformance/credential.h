#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::ErrorCode;
using core::fromUnixSeconds;

template <typename Backend>
class CredentialConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE_P(CredentialConformance);

TYPED_TEST_P(CredentialConformance, MovesFormerHashesToABoundedHistory) {
    const auto person = this->person("a");
    for (int i = 1; i <= 5; ++i) {
        ASSERT_TRUE(
            this->stores.credentials->set({person.id, "h" + std::to_string(i), fromUnixSeconds(i), i == 5}, 3).ok());
    }
    const auto current = this->stores.credentials->get(person.id);
    EXPECT_EQ((*current)->encodedHash, "h5");
    EXPECT_TRUE((*current)->mustChange);
    EXPECT_EQ((*current)->changedAt, fromUnixSeconds(5));
    EXPECT_EQ(*this->stores.credentials->history(person.id), (std::vector<std::string>{"h4", "h3", "h2"}));
}

TYPED_TEST_P(CredentialConformance, KeepsHistoriesOfPeopleApart) {
    const auto a = this->person("a");
    const auto b = this->person("b");
    ASSERT_TRUE(this->stores.credentials->set({a.id, "a1", {}, false}, 1).ok());
    ASSERT_TRUE(this->stores.credentials->set({b.id, "b1", {}, false}, 1).ok());
    ASSERT_TRUE(this->stores.credentials->set({a.id, "a2", {}, false}, 1).ok());
    ASSERT_TRUE(this->stores.credentials->set({b.id, "b2", {}, false}, 0).ok());
    EXPECT_EQ(*this->stores.credentials->history(a.id), (std::vector<std::string>{"a1"}));
    EXPECT_TRUE(this->stores.credentials->history(b.id)->empty());
    EXPECT_EQ(*this->stores.credentials->holders(), (std::vector<PersonId>{a.id, b.id}));
}

TYPED_TEST_P(CredentialConformance, RehashesOnlyTheHashThatWasChecked) {
    const auto person = this->person("a");
    ASSERT_TRUE(this->stores.credentials->set({person.id, "weak", {}, false}, 3).ok());
    ASSERT_TRUE(this->stores.credentials->rehash(person.id, "weak", "strong").ok());
    EXPECT_EQ(this->stores.credentials->rehash(person.id, "weak", "other").error().code, ErrorCode::kConflict);
    EXPECT_EQ((*this->stores.credentials->get(person.id))->encodedHash, "strong");
    EXPECT_TRUE(this->stores.credentials->history(person.id)->empty());
}

TYPED_TEST_P(CredentialConformance, RefusesACredentialOfNobody) {
    EXPECT_EQ(this->stores.credentials->set({77, "h", {}, false}, 3).error().code, ErrorCode::kConflict);
    EXPECT_FALSE(this->stores.credentials->get(77)->has_value());
}

REGISTER_TYPED_TEST_SUITE_P(CredentialConformance, MovesFormerHashesToABoundedHistory, KeepsHistoriesOfPeopleApart,
                            RehashesOnlyTheHashThatWasChecked, RefusesACredentialOfNobody);

}  // namespace yimen::store::test
