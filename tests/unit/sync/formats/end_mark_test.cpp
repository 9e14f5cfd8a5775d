#include "sync/formats/end_mark.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(EndMark, NamesTheNumberOfRecords) {
    EXPECT_EQ(endMark("EOF {count} rows", 12), "EOF 12 rows");
    EXPECT_EQ(endMark("END", 12), "END");
    EXPECT_TRUE(looksLikeEndMark("EOF 7", "EOF {count}"));
    EXPECT_FALSE(looksLikeEndMark("EO", "EOF {count}"));
    EXPECT_FALSE(looksLikeEndMark("7", "{count}"));
}

}  // namespace
}  // namespace yimen::sync
