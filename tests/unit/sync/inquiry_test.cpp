#include "sync/inquiry.h"

#include <gtest/gtest.h>

namespace yimen::sync {

TEST(Inquiry, IsOneQuestionWithNamedColumns) {
    Inquiry inquiry;
    inquiry.sql = "  SELECT a FROM t -- all of them";
    inquiry.columns = {"a"};
    inquiry.rows = 5;
    EXPECT_TRUE(checkInquiry(inquiry).ok());
    EXPECT_EQ(inquirySql(inquiry), "SELECT asked.\"a\" FROM (SELECT a FROM t -- all of them\n) asked LIMIT 6");
    inquiry.columns = {"a\" FROM x --"};
    EXPECT_FALSE(checkInquiry(inquiry).ok());
    inquiry.columns = {};
    EXPECT_FALSE(checkInquiry(inquiry).ok());
    inquiry.columns = {"a"};
    inquiry.sql = "SELECT 1; SELECT 2";
    EXPECT_FALSE(checkInquiry(inquiry).ok());
    inquiry.sql = "delete from t";
    EXPECT_FALSE(checkInquiry(inquiry).ok());
}

}  // namespace yimen::sync
