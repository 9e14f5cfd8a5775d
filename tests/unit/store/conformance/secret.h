#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
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
TYPED_TEST_SUITE_P(SecretConformance);

TYPED_TEST_P(SecretConformance, ReturnsBytesAsTheyWere) {
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

TYPED_TEST_P(SecretConformance, WritesOnlyTheNextVersion) {
    auto& secrets = *this->stores.secrets;
    EXPECT_EQ(secrets.put(this->record(7, "a", 2)).error().code, ErrorCode::kConflict);
    ASSERT_TRUE(secrets.put(this->record(7, "a", 1)).ok());
    EXPECT_EQ(secrets.put(this->record(7, "a", 1)).error().code, ErrorCode::kConflict);
    ASSERT_TRUE(secrets.put(this->record(7, "a", 2)).ok());
    EXPECT_EQ((*secrets.get({7, "a"}))->version, 2);
    EXPECT_EQ(secrets.put(this->record(7, "a", 2)).error().code, ErrorCode::kConflict);
}

TYPED_TEST_P(SecretConformance, LetsOneOfManyParallelPutsWin) {
    std::atomic<int> won{0};
    together(8, [&](int) {
        if (this->stores.secrets->put(this->record(7, "a", 1)).ok()) ++won;
    });
    EXPECT_EQ(won.load(), 1);
}

TYPED_TEST_P(SecretConformance, ChangesStateAndWrapOfTheSameVersionOnly) {
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

TYPED_TEST_P(SecretConformance, FiltersListsAndRemoves) {
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

REGISTER_TYPED_TEST_SUITE_P(SecretConformance, ReturnsBytesAsTheyWere, WritesOnlyTheNextVersion,
                            LetsOneOfManyParallelPutsWin, ChangesStateAndWrapOfTheSameVersionOnly,
                            FiltersListsAndRemoves);

}  // namespace yimen::store::test
