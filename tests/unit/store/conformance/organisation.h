#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::ErrorCode;

template <typename Backend>
class OrganisationConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE_P(OrganisationConformance);

TYPED_TEST_P(OrganisationConformance, KeepsTheHistoryOfAMove) {
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

TYPED_TEST_P(OrganisationConformance, MovesOnTheFirstDayWithoutLeavingAnEmptyPlace) {
    const auto east = this->organisation("E", OrgKind::kStreet, 0);
    const auto west = this->organisation("W", OrgKind::kStreet, 0);
    const auto grid = this->organisation("G", OrgKind::kGrid, east.id, {100, kOpenEnd});
    ASSERT_TRUE(this->stores.organisations->move(grid.id, west.id, 100).ok());
    const auto places = this->stores.organisations->placements();
    ASSERT_EQ(places->size(), 3U);
    EXPECT_EQ(places->back().parent, west.id);
    EXPECT_EQ(places->back().validity, (Validity{100, kOpenEnd}));
}

TYPED_TEST_P(OrganisationConformance, RefusesAMoveOutsideItsTimeAndToNowhere) {
    const auto east = this->organisation("E", OrgKind::kStreet, 0);
    const auto grid = this->organisation("G", OrgKind::kGrid, east.id, {100, 200});
    EXPECT_EQ(this->stores.organisations->move(grid.id, east.id, 201).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(this->stores.organisations->move(grid.id, 999, 150).error().code, ErrorCode::kConflict);
    const auto places = this->stores.organisations->placements();
    EXPECT_EQ(places->size(), 2U) << "the refused move was undone as a whole";
    EXPECT_EQ(places->back().validity, (Validity{100, 200}));
}

TYPED_TEST_P(OrganisationConformance, UpdatesEverythingButThePlace) {
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

REGISTER_TYPED_TEST_SUITE_P(OrganisationConformance, KeepsTheHistoryOfAMove,
                            MovesOnTheFirstDayWithoutLeavingAnEmptyPlace, RefusesAMoveOutsideItsTimeAndToNowhere,
                            UpdatesEverythingButThePlace);

}  // namespace yimen::store::test
