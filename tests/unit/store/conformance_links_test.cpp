#include "unit/store/backend.h"

namespace yimen::store::test {

using core::ErrorCode;
using core::fromUnixSeconds;

template <typename Backend>
class SecretConformance : public StoreTest<Backend> {
protected:
    SecretRecord record(PersonId person, const std::string& system, std::int64_t version) {
        SecretRecord made;
        made.owner = {person, system};
        made.version = version;
        made.keyId = "1";
        made.wrappedKey = {0, 1, 0, 255};
        made.sealed = {9, 0, 9};
        made.state = LinkState::kLinked;
        made.updatedAt = fromUnixSeconds(5);
        made.verifiedAt = fromUnixSeconds(6);
        return made;
    }
};
TYPED_TEST_SUITE(SecretConformance, Backends);

TYPED_TEST(SecretConformance, ReturnsBytesAsTheyWere) {
    ASSERT_TRUE(this->stores.secrets->put(this->record(7, "qu-oa", 1)).ok());
    const Stores again = this->reopened();
    const auto found = again.secrets->get({7, "qu-oa"});
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->wrappedKey, (core::Bytes{0, 1, 0, 255}));
    EXPECT_EQ((*found)->sealed, (core::Bytes{9, 0, 9}));
    EXPECT_EQ((*found)->state, LinkState::kLinked);
    EXPECT_EQ((*found)->verifiedAt, fromUnixSeconds(6));
    EXPECT_FALSE(again.secrets->get({7, "qu-o"})->has_value());
    EXPECT_FALSE(again.secrets->get({0, "qu-oa"})->has_value());
}

TYPED_TEST(SecretConformance, WritesOnlyTheNextVersion) {
    auto& secrets = *this->stores.secrets;
    EXPECT_EQ(secrets.put(this->record(7, "a", 2)).error().code, ErrorCode::kConflict);
    ASSERT_TRUE(secrets.put(this->record(7, "a", 1)).ok());
    EXPECT_EQ(secrets.put(this->record(7, "a", 1)).error().code, ErrorCode::kConflict);
    ASSERT_TRUE(secrets.put(this->record(7, "a", 2)).ok());
    EXPECT_EQ((*secrets.get({7, "a"}))->version, 2);
    EXPECT_EQ(secrets.put(this->record(7, "a", 2)).error().code, ErrorCode::kConflict);
}

TYPED_TEST(SecretConformance, LetsOneOfManyParallelPutsWin) {
    std::atomic<int> won{0};
    together(8, [&](int) {
        if (this->stores.secrets->put(this->record(7, "a", 1)).ok()) ++won;
    });
    EXPECT_EQ(won.load(), 1);
}

TYPED_TEST(SecretConformance, ChangesStateAndWrapOfTheSameVersionOnly) {
    auto& secrets = *this->stores.secrets;
    auto record = this->record(7, "a", 1);
    ASSERT_TRUE(secrets.put(record).ok());
    record.state = LinkState::kBroken;
    record.reason = "bad_password";
    record.keyId = "2";
    record.wrappedKey = {4};
    ASSERT_TRUE(secrets.setState(record).ok());
    EXPECT_EQ((*secrets.get({7, "a"}))->keyId, "1") << "a change of state leaves the wrap alone";
    ASSERT_TRUE(secrets.rewrap(record).ok());
    const auto found = secrets.get({7, "a"});
    EXPECT_EQ((*found)->reason, "bad_password");
    EXPECT_EQ((*found)->wrappedKey, core::Bytes{4});
    EXPECT_EQ((*found)->sealed, (core::Bytes{9, 0, 9}));
    record.version = 2;
    EXPECT_EQ(secrets.setState(record).error().code, ErrorCode::kConflict);
    EXPECT_EQ(secrets.rewrap(record).error().code, ErrorCode::kConflict);
}

TYPED_TEST(SecretConformance, FiltersListsAndRemoves) {
    auto& secrets = *this->stores.secrets;
    ASSERT_TRUE(secrets.put(this->record(0, "a", 1)).ok());
    ASSERT_TRUE(secrets.put(this->record(7, "a", 1)).ok());
    ASSERT_TRUE(secrets.put(this->record(7, "b", 1)).ok());
    EXPECT_EQ(secrets.list({})->size(), 3U);
    EXPECT_EQ(secrets.list({7, {}, {}, 100})->size(), 2U);
    EXPECT_EQ(secrets.list({0, {}, {}, 100})->size(), 1U);
    EXPECT_EQ(secrets.list({{}, "a", {}, 100})->size(), 2U);
    EXPECT_EQ(secrets.list({{}, {}, "1", 100})->size(), 0U);
    EXPECT_EQ(secrets.list({{}, {}, "2", 2})->size(), 2U);
    ASSERT_TRUE(secrets.remove({7, "a"}).ok());
    EXPECT_EQ(secrets.remove({7, "a"}).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(secrets.list({})->size(), 2U);
}

template <typename Backend>
class PreferenceConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE(PreferenceConformance, Backends);

TYPED_TEST(PreferenceConformance, KeepsFavouritesInTheirOrder) {
    const auto person = this->person("a");
    auto& preferences = *this->stores.preferences;
    ASSERT_TRUE(preferences.setFavourites(person.id, {"c", "a", "b"}).ok());
    EXPECT_EQ(*preferences.favourites(person.id), (std::vector<std::string>{"c", "a", "b"}));
    ASSERT_TRUE(preferences.setFavourites(person.id, {}).ok());
    EXPECT_TRUE(preferences.favourites(person.id)->empty());
}

TYPED_TEST(PreferenceConformance, CountsParallelUsesExactly) {
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

TYPED_TEST(PreferenceConformance, StartsWithAnEmptyObject) {
    const auto person = this->person("a");
    auto& preferences = *this->stores.preferences;
    EXPECT_EQ(*preferences.preferences(person.id), "{}");
    ASSERT_TRUE(preferences.setPreferences(person.id, R"({"theme":"暗"})").ok());
    EXPECT_EQ(*preferences.preferences(person.id), R"({"theme":"暗"})");
}

template <typename Backend>
class TransactorConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE(TransactorConformance, Backends);

TYPED_TEST(TransactorConformance, UndoesEveryStoreTogether) {
    const auto done = this->stores.transactor->transaction([&]() -> core::Status {
        const auto person = this->person("a");
        EXPECT_TRUE(this->stores.credentials->set({person.id, "h", {}, false}, 3).ok());
        EXPECT_EQ(this->stores.people->all()->size(), 1U) << "its own thread sees its own work";
        return core::makeError(ErrorCode::kInvalidInput, "no");
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().message, "no");
    EXPECT_TRUE(this->stores.people->all()->empty());
    EXPECT_TRUE(this->stores.credentials->holders()->empty());
}

TYPED_TEST(TransactorConformance, KeepsTheRestWhenARefusedStepIsHandled) {
    ASSERT_TRUE(this->stores.transactor
                    ->transaction([&]() -> core::Status {
                        const auto first = this->person("a");
                        PersonRecord same;
                        same.usernameKey = "a";
                        EXPECT_FALSE(this->stores.people->create(same).ok());
                        return this->stores.transactor->transaction([&] {
                            return this->stores.credentials->set({first.id, "h", {}, false}, 3);
                        });
                    })
                    .ok());
    const Stores again = this->reopened();
    EXPECT_EQ(again.people->all()->size(), 1U);
    EXPECT_EQ(again.credentials->holders()->size(), 1U);
}

TYPED_TEST(TransactorConformance, HidesUnfinishedWorkFromOtherThreads) {
    ASSERT_TRUE(this->stores.transactor
                    ->transaction([&]() -> core::Status {
                        this->person("a");
                        std::size_t seen = 9;
                        std::thread other([&] { seen = this->stores.people->all()->size(); });
                        other.join();
                        EXPECT_EQ(seen, 0U);
                        return {};
                    })
                    .ok());
    EXPECT_EQ(this->stores.people->all()->size(), 1U);
}

TYPED_TEST(TransactorConformance, RunsParallelTransactionsOneAfterAnother) {
    const auto person = this->person("a");
    together(6, [&](int) {
        for (int i = 0; i < 5; ++i) {
            EXPECT_TRUE(this->stores.transactor
                            ->transaction([&]() -> core::Status {
                                auto current = this->stores.people->get(person.id);
                                PersonRecord next = **current;
                                next.name = std::to_string(next.version);
                                const auto updated = this->stores.people->update(next);
                                if (!updated.ok()) return updated.error();
                                return {};
                            })
                            .ok());
        }
    });
    EXPECT_EQ((*this->stores.people->get(person.id))->version, 31);
}

}  // namespace yimen::store::test
