#include "unit/store/backend.h"

namespace yimen::store::test {

using core::ErrorCode;

template <typename Backend>
class PeopleConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE(PeopleConformance, Backends);

TYPED_TEST(PeopleConformance, GivesNumbersThatAreNeverGivenTwice) {
    const auto first = this->person("a");
    const auto second = this->person("b");
    EXPECT_GT(first.id, 0);
    EXPECT_GT(second.id, first.id);
    EXPECT_EQ(first.version, 1);
}

TYPED_TEST(PeopleConformance, ReturnsWhatWasWrittenAfterReopening) {
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

TYPED_TEST(PeopleConformance, RefusesATakenNameAndNamesTheStatementOnly) {
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

TYPED_TEST(PeopleConformance, FindsNobodyWithoutAnError) {
    const auto byId = this->stores.people->get(4711);
    ASSERT_TRUE(byId.ok());
    EXPECT_FALSE(byId->has_value());
    const auto byKey = this->stores.people->findByUsernameKey("");
    ASSERT_TRUE(byKey.ok());
    EXPECT_FALSE(byKey->has_value());
}

TYPED_TEST(PeopleConformance, UpdatesOnlyTheVersionThatWasRead) {
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

TYPED_TEST(PeopleConformance, LetsOneOfManyParallelUpdatesWin) {
    const PersonRecord person = this->person("a");
    std::atomic<int> won{0};
    together(8, [&](int index) {
        PersonRecord mine = person;
        mine.name = std::to_string(index);
        if (this->stores.people->update(mine).ok()) ++won;
    });
    EXPECT_EQ(won.load(), 1);
}

TYPED_TEST(PeopleConformance, CountsParallelReadersBeyondThePoolInsteadOfFailing) {
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

template <typename Backend>
class OrganisationConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE(OrganisationConformance, Backends);

TYPED_TEST(OrganisationConformance, KeepsTheHistoryOfAMove) {
    const auto east = this->organisation("E", OrgKind::kStreet, 0);
    const auto west = this->organisation("W", OrgKind::kStreet, 0);
    const auto grid = this->organisation("G", OrgKind::kGrid, east.id, {100, 200});
    ASSERT_TRUE(this->stores.organisations->move(grid.id, west.id, 150).ok());
    const auto places = this->stores.organisations->placements();
    ASSERT_TRUE(places.ok());
    std::vector<PlacementRecord> ofGrid;
    for (const auto& place : *places) {
        if (place.org == grid.id) ofGrid.push_back(place);
    }
    ASSERT_EQ(ofGrid.size(), 2U);
    EXPECT_EQ(ofGrid[0].parent, east.id);
    EXPECT_EQ(ofGrid[0].validity, (Validity{100, 149}));
    EXPECT_EQ(ofGrid[1].parent, west.id);
    EXPECT_EQ(ofGrid[1].validity, (Validity{150, 200}));
}

TYPED_TEST(OrganisationConformance, MovesOnTheFirstDayWithoutLeavingAnEmptyPlace) {
    const auto east = this->organisation("E", OrgKind::kStreet, 0);
    const auto west = this->organisation("W", OrgKind::kStreet, 0);
    const auto grid = this->organisation("G", OrgKind::kGrid, east.id, {100, kOpenEnd});
    ASSERT_TRUE(this->stores.organisations->move(grid.id, west.id, 100).ok());
    const auto places = this->stores.organisations->placements();
    ASSERT_EQ(places->size(), 3U);
    EXPECT_EQ(places->back().parent, west.id);
    EXPECT_EQ(places->back().validity, (Validity{100, kOpenEnd}));
}

TYPED_TEST(OrganisationConformance, RefusesAMoveOutsideItsTimeAndToNowhere) {
    const auto east = this->organisation("E", OrgKind::kStreet, 0);
    const auto grid = this->organisation("G", OrgKind::kGrid, east.id, {100, 200});
    EXPECT_EQ(this->stores.organisations->move(grid.id, east.id, 201).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(this->stores.organisations->move(grid.id, 999, 150).error().code, ErrorCode::kConflict);
    const auto places = this->stores.organisations->placements();
    EXPECT_EQ(places->size(), 2U) << "the refused move was undone as a whole";
    EXPECT_EQ(places->back().validity, (Validity{100, 200}));
}

TYPED_TEST(OrganisationConformance, UpdatesEverythingButThePlace) {
    auto org = this->organisation("E", OrgKind::kStreet, 0);
    org.name = "东街道";
    org.aliases = "E0;E1";
    org.tags = "党建;民政";
    ASSERT_TRUE(this->stores.organisations->update(org).ok());
    const auto all = this->stores.organisations->all();
    ASSERT_EQ(all->size(), 1U);
    EXPECT_EQ(all->front().name, "东街道");
    EXPECT_EQ(all->front().aliases, "E0;E1");
    EXPECT_EQ(all->front().tags, "党建;民政");
    EXPECT_EQ(all->front().validity, Validity{});
    org.id = 99;
    EXPECT_EQ(this->stores.organisations->update(org).error().code, ErrorCode::kNotFound);
}

template <typename Backend>
class PostConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE(PostConformance, Backends);

TYPED_TEST(PostConformance, KeepsSeveralPostsOfOnePersonAndTheChosenOne) {
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

TYPED_TEST(PostConformance, RefusesAPostOfNobodyOrNowhere) {
    const auto person = this->person("a");
    EXPECT_EQ(this->stores.posts->create({0, person.id, 77, "", "", {}}).error().code, ErrorCode::kConflict);
    EXPECT_EQ(this->stores.posts->create({0, 77, 1, "", "", {}}).error().code, ErrorCode::kConflict);
    EXPECT_EQ(this->stores.posts->update({77, person.id, 1, "", "", {}}).error().code, ErrorCode::kNotFound);
}

}  // namespace yimen::store::test
