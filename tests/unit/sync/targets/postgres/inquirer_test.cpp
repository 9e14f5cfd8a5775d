#include "sync/targets/postgres/inquirer.h"

#include <gtest/gtest.h>

namespace yimen::sync::postgres {

TEST(PostgresInquirer, SaysWhenThereIsNoServer) {
    Inquiry inquiry;
    inquiry.sql = "SELECT 1 AS a";
    inquiry.columns = {"a"};
    const auto answer = makeInquirer(core::Secret("host=/nowhere"))->ask(inquiry);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, core::ErrorCode::kUnavailable);
    EXPECT_EQ(makeInquirer(core::Secret("x"))->dialect(), "postgresql");
}

}  // namespace yimen::sync::postgres
