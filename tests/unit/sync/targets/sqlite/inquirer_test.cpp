#include "sync/targets/sqlite/inquirer.h"

#include <gtest/gtest.h>

namespace yimen::sync::sqlite {

TEST(SqliteInquirer, SaysWhenThereIsNoFile) {
    Inquiry inquiry;
    inquiry.sql = "SELECT 1 AS a";
    inquiry.columns = {"a"};
    const auto answer = makeInquirer("/nowhere/shared.db")->ask(inquiry);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, core::ErrorCode::kUnavailable);
    EXPECT_EQ(makeInquirer("x")->dialect(), "sqlite");
}

TEST(SqliteInquirer, LetsNoFunctionTouchFiles) {
    Inquiry inquiry;
    inquiry.columns = {"a"};
    for (const char* sql : {"SELECT load_extension('x') AS a", "SELECT readfile('/etc/passwd') AS a"}) {
        inquiry.sql = sql;
        EXPECT_FALSE(makeInquirer(":memory:")->ask(inquiry).ok()) << sql;
    }
}

}  // namespace yimen::sync::sqlite
