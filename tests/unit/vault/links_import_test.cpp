#include "vault/links_import.h"

#include <gmock/gmock.h>

#include "unit/vault/fixture.h"

namespace yimen::vault {

namespace {

class LinksImportTest : public VaultTest {
protected:
    LinksImporter importer{vault,
                           [](std::string_view name) -> std::optional<PersonId> {
                               if (name == "wangmin") return 7;
                               return std::nullopt;
                           },
                           [](std::string_view system) { return system == "qu-oa" || system == "dl-video"; },
                           stores.transactor.get()};
};

TEST_F(LinksImportTest, GathersTheFieldsOfEachAccount) {
    const auto report = importer.apply(
        "username,system,field,value\nwangmin,qu-oa,username,wm\n,dl-video,ak,AK\nwangmin,qu-oa,password,\" a,b \"\n"
        ",dl-video,sk,SK\n");
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(report->problems.empty());
    EXPECT_EQ(report->accounts, 2U);
    EXPECT_EQ(report->fields, 4U);
    EXPECT_EQ(password(7, "qu-oa"), " a,b ") << "a password is taken as it stands";
    EXPECT_EQ(vault.open(7, "dl-video", AccountMode::kShared, "t")->fields.at("sk").reveal(), "SK");
    EXPECT_EQ(vault.status(7)->at(0).state, LinkState::kUnverified);
}

TEST_F(LinksImportTest, NamesEveryBadLineAndStoresNothing) {
    const auto report = importer.apply(
        "username,system,field,value\nwangmin,qu-oa,username,geheim\nnobody,qu-oa,username,geheim\n"
        "wangmin,no-such,username,geheim\nwangmin,qu-oa,,geheim\nwangmin,qu-oa,password,\n"
        "wangmin,qu-oa,username,geheim\nwangmin,qu-oa\n");
    ASSERT_TRUE(report.ok());
    std::vector<std::string> places;
    for (const LinksProblem& problem : report->problems) {
        places.push_back(std::to_string(problem.line) + problem.column);
        EXPECT_EQ((problem.what + problem.todo).find("geheim"), std::string::npos);
    }
    EXPECT_THAT(places, ::testing::UnorderedElementsAre("3username", "4system", "5field", "6value", "7field", "8"));
    EXPECT_TRUE(vault.status(7)->empty());
}

TEST_F(LinksImportTest, StoresNothingWhenOneAccountFails) {
    EXPECT_FALSE(importer.apply("username,system,field,value\n,dl-video,ak,AK\nwangmin,qu-oa,bad name,x\n").ok());
    EXPECT_TRUE(vault.status(7)->empty());
    EXPECT_EQ(importer.check("username,system,field,value\n,dl-video,ak,AK\n").accounts, 1U);
    EXPECT_TRUE(vault.status(0)->empty());
}

}  // namespace
}  // namespace yimen::vault
