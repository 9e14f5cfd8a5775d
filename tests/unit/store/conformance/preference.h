#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::fromUnixSeconds;

template <typename Backend>
class PreferenceConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE_P(PreferenceConformance);

TYPED_TEST_P(PreferenceConformance, KeepsFavouritesInTheirOrder) {
    const auto person = this->person("a");
    auto& preferences = *this->stores.preferences;
    ASSERT_TRUE(preferences.setFavourites(person.id, {"c", "a", "b"}).ok());
    EXPECT_EQ(*preferences.favourites(person.id), (std::vector<std::string>{"c", "a", "b"}));
    ASSERT_TRUE(preferences.setFavourites(person.id, {}).ok());
    EXPECT_TRUE(preferences.favourites(person.id)->empty());
}

TYPED_TEST_P(PreferenceConformance, CountsParallelUsesExactly) {
    const auto person = this->person("a");
    auto& preferences = *this->stores.preferences;
    together(8, [&](int index) {
        for (int i = 0; i < 10; ++i) {
            EXPECT_TRUE(preferences.noteUse(person.id, "sys", fromUnixSeconds(index)).ok());
        }
    });
    ASSERT_TRUE(preferences.noteUse(person.id, "late", fromUnixSeconds(99)).ok());
    const auto uses = preferences.uses(person.id);
    ASSERT_EQ(uses->size(), 2U);
    EXPECT_EQ((*uses)[0].system, "late");
    EXPECT_EQ((*uses)[1].count, 80);
    EXPECT_EQ((*uses)[1].lastUsedAt, fromUnixSeconds(7));
}

TYPED_TEST_P(PreferenceConformance, StartsWithAnEmptyObject) {
    const auto person = this->person("a");
    auto& preferences = *this->stores.preferences;
    EXPECT_EQ(*preferences.preferences(person.id), "{}");
    ASSERT_TRUE(preferences.setPreferences(person.id, R"({"theme":"暗"})").ok());
    EXPECT_EQ(*preferences.preferences(person.id), R"({"theme":"暗"})");
}

REGISTER_TYPED_TEST_SUITE_P(PreferenceConformance, KeepsFavouritesInTheirOrder, CountsParallelUsesExactly,
                            StartsWithAnEmptyObject);

}  // namespace yimen::store::test
