#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::ErrorCode;

template <typename Backend>
class PeopleConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE_P(PeopleConformance);

TYPED_TEST_P(PeopleConformance, GivesNumbersThatAreNeverGivenTwice) {
    const auto first = this->person("a");
    const auto second = this->person("b");
    EXPECT_GT(first.id, 0);
    EXPECT_GT(second.id, first.id);
    EXPECT_EQ(first.version, 1);
}

TYPED_TEST_P(PeopleConformance, ReturnsWhatWasWrittenAfterReopening) {
    PersonRecord wanted;
    wanted.username = "ＺＷ'; DROP TABLE people; --";
    wanted.usernameKey = "zw'; drop table people; --";
    wanted.name = "张 % %s 伟";
    wanted.createdAt = core::fromUnixMicros(1234567890123456);
    wanted.expiresAt = core::fromUnixMicros(-5);
    wanted.state = PersonState::kDisabled;
    const auto made = this->stores.people->create(wanted);
    ASSERT_TRUE(made.ok());
    const Stores again = this->reopened();
    const auto found = again.people->findByUsernameKey(wanted.usernameKey);
    ASSERT_TRUE(found.ok());
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->id, made->id);
    EXPECT_EQ((*found)->username, wanted.username);
    EXPECT_EQ((*found)->name, wanted.name);
    EXPECT_EQ((*found)->phone, "");
    EXPECT_EQ((*found)->createdAt, wanted.createdAt);
    EXPECT_EQ((*found)->expiresAt, wanted.expiresAt);
    EXPECT_EQ((*found)->state, PersonState::kDisabled);
}

TYPED_TEST_P(PeopleConformance, RefusesATakenNameAndNamesTheStatementOnly) {
    this->person("zhangwei");
    PersonRecord wanted;
    wanted.usernameKey = "zhangwei";
    wanted.phone = "13812345678";
    const auto made = this->stores.people->create(wanted);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, ErrorCode::kConflict);
    EXPECT_NE(made.error().detail.find("person.create"), std::string::npos);
    EXPECT_EQ(made.error().describe().find("13812345678"), std::string::npos);
    EXPECT_EQ(made.error().describe().find("zhangwei"), std::string::npos);
}

TYPED_TEST_P(PeopleConformance, FindsNobodyWithoutAnError) {
    const auto byId = this->stores.people->get(4711);
    ASSERT_TRUE(byId.ok());
    EXPECT_FALSE(byId->has_value());
    const auto byKey = this->stores.people->findByUsernameKey("");
    ASSERT_TRUE(byKey.ok());
    EXPECT_FALSE(byKey->has_value());
}

TYPED_TEST_P(PeopleConformance, UpdatesOnlyTheVersionThatWasRead) {
    PersonRecord person = this->person("a");
    person.name = "李娜";
    const auto updated = this->stores.people->update(person);
    ASSERT_TRUE(updated.ok());
    EXPECT_EQ(updated->version, 2);
    const auto stale = this->stores.people->update(person);
    ASSERT_FALSE(stale.ok());
    EXPECT_EQ(stale.error().code, ErrorCode::kConflict);
    EXPECT_EQ((*this->stores.people->get(person.id))->name, "李娜");
}

TYPED_TEST_P(PeopleConformance, LetsOneOfManyParallelUpdatesWin) {
    const PersonRecord person = this->person("a");
    std::atomic<int> won{0};
    together(8, [&](int index) {
        PersonRecord mine = person;
        mine.name = std::to_string(index);
        if (this->stores.people->update(mine).ok()) ++won;
    });
    EXPECT_EQ(won.load(), 1);
}

TYPED_TEST_P(PeopleConformance, CountsParallelReadersBeyondThePoolInsteadOfFailing) {
    this->person("a");
    std::atomic<int> good{0};
    together(16, [&](int) {
        for (int i = 0; i < 20; ++i) {
            const auto all = this->stores.people->all();
            if (all.ok() && all->size() == 1) ++good;
        }
    });
    EXPECT_EQ(good.load(), 16 * 20);
}

REGISTER_TYPED_TEST_SUITE_P(PeopleConformance, GivesNumbersThatAreNeverGivenTwice, ReturnsWhatWasWrittenAfterReopening,
                            RefusesATakenNameAndNamesTheStatementOnly, FindsNobodyWithoutAnError,
                            UpdatesOnlyTheVersionThatWasRead, LetsOneOfManyParallelUpdatesWin,
                            CountsParallelReadersBeyondThePoolInsteadOfFailing);

}  // namespace yimen::store::test
