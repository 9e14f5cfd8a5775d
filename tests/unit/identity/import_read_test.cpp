#include <gmock/gmock.h>

#include "unit/identity/import_fixture.h"

namespace yimen::identity {

using ::testing::HasSubstr;

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

}  // namespace yimen::identity
