#include "unit/identity/import_fixture.h"

namespace yimen::identity {

TEST_F(ImportTest, ChangesNothingTheSecondTime) {
    apply(all);
    const ImportReport again = apply(all);
    EXPECT_TRUE(again.problems.empty());
    EXPECT_EQ(again.organisationsAdded + again.organisationsChanged + again.peopleAdded + again.peopleChanged +
                  again.passwordsSet + again.postsAdded + again.postsChanged,
              0U);
    EXPECT_EQ(world.stores.posts->all()->size(), 3U);
}

TEST_F(ImportTest, ChangesWhatIsDifferent) {
    apply(all);
    const ImportReport report = apply(
        {"code,parent,kind,name,name_en,valid_from,valid_to\nC1,S2,community,新社区,Community,2024-01-01,2029-12-31\n",
         "username,name,phone,password\nwangmin,王小敏,,Neu-9kelchmond\nligong,李工,19900000002,Ganz-neu7kelch\n",
         "username,org,title,roles,valid_from,valid_to\nwangmin,S1,科员,leader,2024-01-01,2027-01-01\n"});
    EXPECT_TRUE(report.problems.empty());
    EXPECT_EQ(report.organisationsChanged, 1U);
    EXPECT_EQ(report.peopleChanged, 1U);
    EXPECT_EQ(report.passwordsSet, 1U) << "only for who has none";
    EXPECT_EQ(report.postsChanged, 1U);
    const auto directory = holder.current();
    const Day today = dayAt(world.clock.wall(), std::chrono::hours(8));
    const OrgId community = directory->organisationByCode("C1")->id;
    EXPECT_TRUE(directory->isWithin(community, directory->organisationByCode("S2")->id, today));
    EXPECT_TRUE(directory->isWithin(community, directory->organisationByCode("S1")->id, today - 1)) << "history stays";
    EXPECT_FALSE(directory->isWithin(community, community, day("2030-01-01")));
    EXPECT_EQ(directory->personByKey("wangmin")->name, "王小敏");
    EXPECT_EQ((*world.stores.credentials->get(directory->personByKey("wangmin")->id))->encodedHash, "hash:Kelch-7mond");
}

TEST_F(ImportTest, KeepsTheThreeAdministratorsApartOverFileAndStore) {
    apply(all);
    const auto post = [&](const char* line) {
        return importer.check({"", "", std::string("username,org,title,roles,valid_from,valid_to\n") + line});
    };
    EXPECT_EQ(post("ligong,D,审计员,auditor,2025-01-01,\n").problems.size(), 1U);
    EXPECT_EQ(post("ligong,D,审计员,auditor,2023-01-01,2023-12-31\n").problems.size(), 0U);
    EXPECT_EQ(post("ligong,D,系统管理员,auditor,2024-01-01,\n").problems.size(), 0U) << "it replaces the former post";
    EXPECT_EQ(post("wangmin,D,a,auditor,,\nwangmin,S1,b,security_admin,,\n").problems.size(), 1U);
}

TEST_F(ImportTest, RefusesACircleAndAChangeOfKind) {
    const ImportReport circle =
        importer.check({"code,parent,kind,name,name_en,valid_from,valid_to\n"
                        "A,B,department,甲,,,\nB,A,department,乙,,,\n",
                        "", ""});
    EXPECT_EQ(places(circle), (std::vector<std::string>{"organisations.csv:2:parent", "organisations.csv:3:parent"}));
    apply(all);
    const ImportReport kind = importer.check(
        {"code,parent,kind,name,name_en,valid_from,valid_to\nS2,D,department,西街道,West Street,2024-01-01,\n", "",
         ""});
    EXPECT_EQ(places(kind), std::vector<std::string>{"organisations.csv:2:kind"});
}

TEST_F(ImportTest, NeverGivesTheNameOfSomebodyWhoLeft) {
    apply(all);
    auto wang = *holder.current()->personByKey("wangmin");
    wang.state = store::PersonState::kRemoved;
    ASSERT_TRUE(world.stores.people->update(wang).ok());
    ASSERT_TRUE(holder.reload().ok());
    EXPECT_EQ(places(importer.check({"", kPeople, ""})), std::vector<std::string>{"people.csv:2:username"});
}

}  // namespace yimen::identity
