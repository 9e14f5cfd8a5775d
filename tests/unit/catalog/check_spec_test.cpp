#include "catalog/check_spec.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/repository.h"
#include "unit/store/backend.h"

namespace yimen::catalog {
namespace {

TEST(CheckSpec, ReadsTheDistrictsOwn) {
    const auto checks = readChecks(yimen::test::repository() + "/policies/checks");
    ASSERT_TRUE(checks.ok()) << checks.error().message;
    ASSERT_GE(checks->size(), 4U);
    EXPECT_EQ(checks->front().name, "dead-on-aid");
    EXPECT_EQ(checks->front().masks.at("id_no"), Mask::kIdNumber);
    EXPECT_EQ(checks->front().records.at(0).key.at("id"), "payment");
    EXPECT_TRUE(readChecks("/nowhere")->empty());
}

TEST(CheckSpec, SaysEverythingThatIsWrong) {
    const store::test::TempFolder folder;
    std::ofstream(folder.file("bad.yaml")) << "check: other\ntitle: {zh: a, en: b}\nitems: [ZS-1]\ncolumns: [a]\n"
                                              "sql: DELETE FROM t\nsubject: [b]\nmessage: {zh: a}\nmasks: {c: blur}\n"
                                              "script: ../x.lua\nrecords: [{item: ZS-2, key: {id: z}}]\nextra: 1\n"
                                              "schedule: {cron: '* *'}\n";
    const auto checks = readChecks(folder.file(""));
    ASSERT_FALSE(checks.ok());
    for (const char* part :
         {"bad.yaml:1:", "SELECT", "'b'", "en", "'c'", "plain, name", "script", "is none of items", "extra", "cron"}) {
        EXPECT_NE(checks.error().message.find(part), std::string::npos) << part << "\n" << checks.error().message;
    }
}

}  // namespace
}  // namespace yimen::catalog
