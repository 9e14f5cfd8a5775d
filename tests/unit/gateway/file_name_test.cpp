#include "gateway/file_name.h"

#include <gtest/gtest.h>

namespace yimen::gateway {
namespace {

TEST(ReadableFileName, NamesAFileFromGbkBytes) {
    // "防汛.xls" in GBK
    EXPECT_EQ(readableFileName("attachment; filename=\"\xb7\xc0\xd1\xb4.xls\"", "GBK"),
              "attachment; filename*=UTF-8''%E9%98%B2%E6%B1%9B.xls");
    EXPECT_EQ(readableFileName("attachment;FileName=\xb7\xc0\xd1\xb4.xls; size=3", "GBK"),
              "attachment;filename*=UTF-8''%E9%98%B2%E6%B1%9B.xls; size=3");
}

TEST(ReadableFileName, TakesUtf8BytesForWhatTheyAre) {
    EXPECT_EQ(readableFileName("attachment; filename=\"防汛.csv\"", "GBK"),
              "attachment; filename*=UTF-8''%E9%98%B2%E6%B1%9B.csv");
}

TEST(ReadableFileName, LeavesAloneWhatNeedsNothing) {
    EXPECT_EQ(readableFileName("attachment; filename=\"plan.txt\"", "GBK"), "");
    EXPECT_EQ(readableFileName("inline", "GBK"), "");
    EXPECT_EQ(readableFileName("attachment; filename=\"\xb7\xc0\"; filename*=UTF-8''a.txt", "GBK"), "");
    EXPECT_EQ(readableFileName("attachment; name=\"\xb7\xc0\"", "GBK"), "");
}

TEST(ReadableFileName, LeavesBytesThatAreNotOfTheCharset) {
    EXPECT_EQ(readableFileName("attachment; filename=\"\xff\xff.xls\"", "GBK"), "");
}

TEST(ReadableFileName, SurvivesAnOpenQuoteAndLetsNoLineEndThrough) {
    EXPECT_EQ(readableFileName("attachment; filename=\"\xb7\xc0", "GBK"), "attachment; filename*=UTF-8''%E9%98%B2");
    EXPECT_EQ(readableFileName("attachment; filename=\"\xb7\xc0\r\nx\"", "GBK"),
              "attachment; filename*=UTF-8''%E9%98%B2%0D%0Ax");
    EXPECT_EQ(readableFileName("attachment; \xb7\xc0; filename=", "GBK"), "attachment; \xb7\xc0; filename*=UTF-8''");
}

}  // namespace
}  // namespace yimen::gateway
