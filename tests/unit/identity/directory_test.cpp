#include "identity/directory.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

#include "core/time_format.h"
#include "unit/identity/fixture.h"

namespace yimen::identity {

using core::ErrorCode;
using store::kAlways;
using store::kOpenEnd;
using store::OrgKind;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

namespace {

DirectoryData smallDistrict() {
    DirectoryData data;
    data.people = {{1, "Zhang", "zhang", "张伟", "", store::PersonState::kActive, {}, {}, 1},
                   {2, "Li", "li", "李娜", "", store::PersonState::kActive, {}, {}, 1}};
    data.organisations = {{1, "D", OrgKind::kDistrict, "区", "", {}, "", ""},
                          {2, "S1", OrgKind::kStreet, "东街道", "", {}, "", ""},
                          {3, "S2", OrgKind::kStreet, "西街道", "", {}, "", ""},
                          {4, "C", OrgKind::kCommunity, "社区", "", {}, "", ""},
                          {5, "G", OrgKind::kGrid, "网格", "", {100, 299}, "党建;民政", "G-old;G-older"}};
    data.placements = {{1, 0, {}},        {2, 1, {}}, {3, 1, {}}, {4, 2, {kAlways, 199}}, {4, 3, {200, kOpenEnd}},
                       {5, 4, {100, 299}}};
    data.posts = {{1, 1, 5, "网格员", "grid_worker", {150, 250}},
                  {2, 1, 2, "科员", "clerk", {}},
                  {3, 2, 1, "主任", "leader;data_steward", {0, 10}}};
    return data;
}

std::shared_ptr<const Directory> built(DirectoryData data) {
    auto made = Directory::build(std::move(data));
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().describe());
    return std::move(made).value();
}

}  // namespace

TEST(DayAt, ChangesAtMidnightOfTheSite) {
    const auto china = std::chrono::hours(8);
    const auto midnightUtc = core::parseDate("2026-11-21").value();
    const Day day = dayAt(midnightUtc, std::chrono::minutes(0));
    EXPECT_EQ(dayAt(midnightUtc - std::chrono::microseconds(1), std::chrono::minutes(0)), day - 1);
    EXPECT_EQ(dayAt(midnightUtc + std::chrono::hours(16), china), day + 1);
    EXPECT_EQ(dayAt(midnightUtc + std::chrono::hours(16) - std::chrono::microseconds(1), china), day);
    EXPECT_EQ(dayAt(core::fromUnixSeconds(-1), std::chrono::minutes(0)), -1);
}

TEST(Directory, FollowsAMovedCommunityByDay) {
    const auto directory = built(smallDistrict());
    EXPECT_THAT(directory->pathOf(5, 150), ElementsAre(1, 2, 4, 5));
    EXPECT_THAT(directory->pathOf(5, 200), ElementsAre(1, 3, 4, 5));
    EXPECT_TRUE(directory->isWithin(5, 2, 199));
    EXPECT_FALSE(directory->isWithin(5, 2, 200));
    EXPECT_TRUE(directory->isWithin(5, 3, 200));
    EXPECT_THAT(directory->subtree(2, 150), ElementsAre(2, 4, 5));
    EXPECT_THAT(directory->subtree(2, 200), ElementsAre(2));
    EXPECT_THAT(directory->subtree(1, 99), UnorderedElementsAre(1, 2, 3, 4));
}

TEST(Directory, KnowsNoUnitOutsideItsTime) {
    const auto directory = built(smallDistrict());
    EXPECT_FALSE(directory->isWithin(5, 5, 99));
    EXPECT_TRUE(directory->isWithin(5, 5, 100));
    EXPECT_TRUE(directory->isWithin(5, 1, 299));
    EXPECT_FALSE(directory->isWithin(5, 1, 300));
    EXPECT_TRUE(directory->subtree(5, 300).empty());
    EXPECT_TRUE(directory->pathOf(77, 0).empty());
    EXPECT_FALSE(directory->isWithin(77, 1, 0));
    EXPECT_EQ(directory->parentOf(1, 0), 0);
}

TEST(Directory, FindsUnitsByCodeAndFormerCode) {
    const auto directory = built(smallDistrict());
    EXPECT_EQ(directory->organisationByCode("G-older")->id, 5);
    EXPECT_EQ(directory->organisationByCode("G")->tags, "党建;民政");
    EXPECT_EQ(directory->organisationByCode("G-"), nullptr);
}

TEST(Directory, GivesPostsOfTheDayAndTheActingOne) {
    const auto directory = built(smallDistrict());
    EXPECT_EQ(directory->postsOf(1, 149).size(), 1U);
    EXPECT_EQ(directory->postsOf(1, 150).size(), 2U);
    EXPECT_EQ(directory->postsOf(1, 251).size(), 1U);
    EXPECT_EQ(directory->actingPost(1, 1, 200)->id, 1);
    EXPECT_EQ(directory->actingPost(1, 1, 251)->id, 2) << "the wanted one is over";
    EXPECT_EQ(directory->actingPost(1, 3, 200)->id, 1) << "somebody else's post is not to be had";
    EXPECT_EQ(directory->actingPost(2, 0, 11), nullptr);
    EXPECT_EQ(directory->rolesOf(1, 200).write(), "clerk;grid_worker");
    EXPECT_EQ(directory->rolesOf(2, 11).write(), "");
    EXPECT_EQ(directory->allPostsOf(2).size(), 1U);
}

TEST(Directory, GivesNoPostInAUnitThatIsGone) {
    auto data = smallDistrict();
    data.posts = {{1, 1, 5, "", "clerk", {}}};
    const auto directory = built(std::move(data));
    EXPECT_EQ(directory->actingPost(1, 1, 299)->id, 1);
    EXPECT_EQ(directory->actingPost(1, 1, 300), nullptr);
}

TEST(Directory, RefusesDataThatContradictsItself) {
    const auto broken = [](auto spoil) {
        DirectoryData data = smallDistrict();
        spoil(data);
        const auto made = Directory::build(std::move(data));
        EXPECT_FALSE(made.ok());
        return made.ok() ? ErrorCode::kInternal : made.error().code;
    };
    EXPECT_EQ(broken([](auto& data) { data.placements[1].parent = 5; }), ErrorCode::kCorrupt) << "circle";
    EXPECT_EQ(broken([](auto& data) { data.placements[0].parent = 1; }), ErrorCode::kCorrupt) << "own parent";
    EXPECT_EQ(broken([](auto& data) { data.placements[4].validity.from = 199; }), ErrorCode::kCorrupt) << "two places";
    EXPECT_EQ(broken([](auto& data) { data.placements[5].parent = 99; }), ErrorCode::kCorrupt);
    EXPECT_EQ(broken([](auto& data) { data.posts[0].person = 99; }), ErrorCode::kCorrupt);
    EXPECT_EQ(broken([](auto& data) { data.posts[0].roles = "king"; }), ErrorCode::kCorrupt);
    EXPECT_EQ(broken([](auto& data) { data.people[1].usernameKey = "zhang"; }), ErrorCode::kCorrupt);
    EXPECT_EQ(broken([](auto& data) { data.organisations[1].code = "D"; }), ErrorCode::kCorrupt);
}

/// On random trees with random moves, isWithin, subtree and pathOf must tell the same story on every day.
TEST(Directory, AgreesWithItselfOnRandomTrees) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 chance(seed);
        const auto below = [&](int n) { return static_cast<int>(chance() % static_cast<unsigned>(n)); };
        DirectoryData data;
        constexpr int kUnits = 60;
        for (int id = 1; id <= kUnits; ++id) {
            const Day from = below(50);
            data.organisations.push_back(
                {id, "U" + std::to_string(id), OrgKind::kDepartment, "", "", {from, 100}, "", ""});
            const auto parent = [&] { return id == 1 ? OrgId{0} : OrgId{1 + below(id - 1)}; };
            const Day moved = from + 1 + below(50);
            data.placements.push_back({id, parent(), {from, moved - 1}});
            data.placements.push_back({id, parent(), {moved, 100}});
        }
        const auto directory = built(std::move(data));
        for (const Day day : {0, 25, 50, 75, 100, 101}) {
            for (OrgId top = 1; top <= kUnits; ++top) {
                const auto list = directory->subtree(top, day);
                const std::set<OrgId> inside(list.begin(), list.end());
                EXPECT_EQ(inside.size(), list.size()) << "nobody twice";
                for (OrgId unit = 1; unit <= kUnits; ++unit) {
                    const auto path = directory->pathOf(unit, day);
                    // A unit whose parent does not exist yet hangs in the air: it is in nobody's subtree.
                    const bool onPath =
                        std::find(path.begin(), path.end(), top) != path.end() && !directory->subtree(top, day).empty();
                    EXPECT_EQ(inside.contains(unit), directory->isWithin(unit, top, day)) << unit << ' ' << top;
                    EXPECT_EQ(directory->isWithin(unit, top, day), onPath) << unit << ' ' << top;
                }
            }
        }
    }
}

}  // namespace yimen::identity
