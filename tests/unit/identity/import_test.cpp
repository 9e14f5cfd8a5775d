#include "identity/import.h"

#include <gmock/gmock.h>

#include "core/time_format.h"
#include "unit/identity/fixture.h"

namespace yimen::identity {

using ::testing::HasSubstr;

namespace {

const char* const kOrganisations =
    "code,parent,kind,name,name_en,valid_from,valid_to\n"
    "G1,C1,grid,第一网格,Grid 1,2024-01-01,\n"  // before its parent, on purpose
    "C1,S1,community,社区,Community,2024-01-01,\n"
    "S1,D,street,街道,Street,2024-01-01,\n"
    "S2,D,street,西街道,West Street,2024-01-01,\n"
    "D,,district,滨海新城区,Binhai,2024-01-01,\n";
const char* const kPeople =
    "username,name,phone,password\n"
    "wangmin,王敏,19900000001,Kelch-7mond\n"
    "ligong,李工,19900000002,\n";
const char* const kPosts =
    "username,org,title,roles,valid_from,valid_to\n"
    "wangmin,S1,科员,clerk,2024-01-01,\n"
    "WANGMIN,G1,网格员,grid_worker;clerk,2024-01-01,2030-12-31\n"
    "ligong,D,系统管理员,system_admin,2024-01-01,\n";

class ImportTest : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(holder.reload().ok()); }
    ImportReport apply(const ImportFiles& files) {
        auto report = importer.apply(files);
        EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().describe());
        return report.ok() ? *report : ImportReport{};
    }
    /// "file:line:column" of every problem.
    static std::vector<std::string> places(const ImportReport& report) {
        std::vector<std::string> found;
        for (const ImportProblem& problem : report.problems) {
            EXPECT_FALSE(problem.what.empty());
            EXPECT_FALSE(problem.todo.empty());
            found.push_back(problem.file + ":" + std::to_string(problem.line) + ":" + problem.column);
        }
        return found;
    }
    Day day(const char* text) { return dayAt(core::parseDate(text).value(), std::chrono::minutes(0)); }

    test::World world;
    DirectoryHolder holder{world.stores};
    int hashed = 0;
    Importer importer{{world.stores, holder, world.clock,
                       [this](const core::Secret& password, const store::PersonRecord&) -> core::Result<std::string> {
                           ++hashed;
                           return "hash:" + std::string(password.reveal());
                       },
                       [](const core::Secret& password, const store::PersonRecord&) -> core::Status {
                           if (password.size() >= 8) return {};
                           return core::makeError(core::ErrorCode::kInvalidInput, "too short");
                       }}};
    const ImportFiles all{kOrganisations, kPeople, kPosts};
};

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

TEST_F(ImportTest, LetsAUnitLiveLongerThanBefore) {
    apply({"code,parent,kind,name,name_en,valid_from,valid_to\nD,,district,区,,2024-01-01,2024-12-31\n", "", ""});
    apply({"code,parent,kind,name,name_en,valid_from,valid_to\nD,,district,区,,2023-01-01,2025-12-31\n", "", ""});
    const auto directory = holder.current();
    const OrgId district = directory->organisationByCode("D")->id;
    EXPECT_TRUE(directory->isWithin(district, district, day("2023-01-01")));
    EXPECT_TRUE(directory->isWithin(district, district, day("2025-12-31")));
    EXPECT_FALSE(directory->isWithin(district, district, day("2026-01-01")));
}

TEST_F(ImportTest, NamesEveryBadLineAndAppliesNone) {
    const ImportFiles bad{
        "code,parent,kind,name,name_en,valid_from,valid_to\n"
        "D,,district,区,,2024-01-01,\n"
        "D,,district,区,,2024-01-01,\n"
        "S1,NO,street,街道,,2024-01-01,\n"
        "S2,D,village,街道,,2024-01-01,\n"
        "S3,D,street,,,2024-02-30,\n"
        "S4,D,street,街道,,2025-01-01,2024-01-01\n"
        "G1,D,grid,网格,,,\n",
        "username,name,phone,password\n"
        "wang min,王敏,,\n"
        "wangmin,王敏,call me,Kelch-7mond\n"
        "zhang,张伟,,s3cr\n"
        "ＺＨＡＮＧ,张伟,,\n"
        "li,李娜\n",
        "username,org,title,roles,valid_from,valid_to\n"
        "nobody,D,,clerk,,\n"
        "zhang,NO,,clerk,,\n"
        "zhang,D,,king,,\n"
        "zhang,D,,system_admin;auditor,,\n"
        "zhang,D,x,clerk,,\n"
        "zhang,D,x,leader,,\n"};
    const std::vector<std::string> expected{"organisations.csv:3:code",
                                            "organisations.csv:4:parent",
                                            "organisations.csv:5:kind",
                                            "organisations.csv:6:name",
                                            "organisations.csv:6:valid_from",
                                            "organisations.csv:7:valid_to",
                                            "organisations.csv:8:parent",
                                            "people.csv:2:username",
                                            "people.csv:3:phone",
                                            "people.csv:4:password",
                                            "people.csv:5:username",
                                            "people.csv:6:",
                                            "posts.csv:2:username",
                                            "posts.csv:3:org",
                                            "posts.csv:4:roles",
                                            "posts.csv:5:roles",
                                            "posts.csv:7:"};
    EXPECT_EQ(places(importer.check(bad)), expected);
    EXPECT_EQ(places(apply(bad)), expected);
    EXPECT_EQ(world.stores.people->all()->size(), 0U);
    EXPECT_EQ(world.stores.organisations->all()->size(), 0U);
    for (const ImportProblem& problem : importer.check(bad).problems) {
        EXPECT_EQ(problem.describe().find("s3cr"), std::string::npos);
        EXPECT_EQ(problem.describe().find("Kelch"), std::string::npos) << "no password in a report";
    }
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

TEST_F(ImportTest, SaysHowToSaveAFileInAnotherCharset) {
    const ImportReport report = importer.check({"", "username,name,phone,password\nli,\xc0\xee\xc4\xc8,,\n", ""});
    ASSERT_EQ(places(report), std::vector<std::string>{"people.csv:2:"});
    EXPECT_THAT(report.problems[0].todo, HasSubstr("CSV UTF-8"));
}

TEST_F(ImportTest, StopsCountingProblemsAtItsLimit) {
    std::string people = "username,name,phone,password\n";
    for (int i = 0; i < 3000; ++i) people += "bad name,,,\n";
    EXPECT_EQ(importer.check({"", people, ""}).problems.size(), Importer::kMaxProblems);
}

TEST_F(ImportTest, AppliesOneOfTwoEqualImportsAtATime) {
    test::together(4, [&](int) { EXPECT_TRUE(importer.apply(all).ok()); });
    EXPECT_EQ(world.stores.people->all()->size(), 2U);
    EXPECT_EQ(world.stores.posts->all()->size(), 3U);
    EXPECT_EQ(world.stores.organisations->all()->size(), 5U);
}

}  // namespace
}  // namespace yimen::identity
