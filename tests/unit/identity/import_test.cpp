#include "identity/import.h"

#include <gmock/gmock.h>

#include "unit/identity/import_fixture.h"

namespace yimen::identity {

using ::testing::HasSubstr;

namespace {

TEST_F(ImportTest, SaysInADryRunWhatItWouldDoAndDoesNothing) {
    const ImportReport report = importer.check(all);
    EXPECT_TRUE(report.problems.empty());
    EXPECT_EQ(report.organisationsAdded, 5U);
    EXPECT_EQ(report.peopleAdded, 2U);
    EXPECT_EQ(report.passwordsSet, 1U);
    EXPECT_EQ(report.postsAdded, 3U);
    EXPECT_EQ(world.stores.people->all()->size(), 0U);
    EXPECT_EQ(hashed, 0);
}

TEST_F(ImportTest, BuildsTreePeopleAndPosts) {
    EXPECT_TRUE(apply(all).problems.empty());
    const auto directory = holder.current();
    const auto* wang = directory->personByKey("wangmin");
    ASSERT_NE(wang, nullptr);
    EXPECT_EQ(wang->name, "王敏");
    EXPECT_EQ(wang->phone, "19900000001");
    EXPECT_EQ(wang->createdAt, world.clock.wall());
    const Day today = day("2026-01-01");
    const OrgId grid = directory->organisationByCode("G1")->id;
    EXPECT_EQ(directory->pathOf(grid, today).size(), 4U);
    EXPECT_TRUE(directory->isWithin(grid, directory->organisationByCode("S1")->id, today));
    EXPECT_FALSE(directory->isWithin(grid, grid, day("2023-12-31")));
    EXPECT_EQ(directory->postsOf(wang->id, today).size(), 2U);
    EXPECT_EQ(directory->postsOf(wang->id, day("2031-01-01")).size(), 1U);
    EXPECT_EQ(directory->rolesOf(wang->id, today).write(), "clerk;grid_worker");
    const auto credential = *world.stores.credentials->get(wang->id);
    EXPECT_EQ(credential->encodedHash, "hash:Kelch-7mond");
    EXPECT_TRUE(credential->mustChange);
    EXPECT_FALSE(world.stores.credentials->get(directory->personByKey("ligong")->id)->has_value());
}

TEST_F(ImportTest, CanLeaveImportedPasswordsAsTheyAre) {
    ASSERT_TRUE(importer.apply(all, {false}).ok());
    EXPECT_FALSE((*world.stores.credentials->get(holder.current()->personByKey("wangmin")->id))->mustChange);
}

TEST_F(ImportTest, LetsAUnitLiveLongerThanBefore) {
    apply({"code,parent,kind,name,name_en,valid_from,valid_to\nD,,district,区,,2024-01-01,2024-12-31\n", "", ""});
    apply({"code,parent,kind,name,name_en,valid_from,valid_to\nD,,district,区,,2023-01-01,2025-12-31\n", "", ""});
    const auto directory = holder.current();
    const OrgId district = directory->organisationByCode("D")->id;
    EXPECT_TRUE(directory->isWithin(district, district, day("2023-01-01")));
    EXPECT_TRUE(directory->isWithin(district, district, day("2025-12-31")));
    EXPECT_FALSE(directory->isWithin(district, district, day("2026-01-01")));
}

TEST_F(ImportTest, AppliesOneOfTwoEqualImportsAtATime) {
    test::together(4, [&](int) { EXPECT_TRUE(importer.apply(all).ok()); });
    EXPECT_EQ(world.stores.people->all()->size(), 2U);
    EXPECT_EQ(world.stores.posts->all()->size(), 3U);
    EXPECT_EQ(world.stores.organisations->all()->size(), 5U);
}

}  // namespace
}  // namespace yimen::identity
