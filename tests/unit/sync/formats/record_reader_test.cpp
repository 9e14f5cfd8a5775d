#include "sync/formats/record_reader.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(RecordReader, NamesTheDocumentTheLineAndTheColumnsInItsErrors) {
    EXPECT_EQ(documentError("a.csv", 7, "cut off").message, "a.csv, line 7: cut off");
    EXPECT_EQ(documentError("a.csv", 0, "cut off").message, "a.csv: cut off");
    const auto order = matchColumns("a.csv", {"x", "y", "z"}, {"z", "x"}, true);
    ASSERT_TRUE(order.ok());
    EXPECT_EQ(*order, (std::vector<std::size_t>{2, 0}));
    EXPECT_FALSE(matchColumns("a.csv", {"x", "y"}, {"x"}, false).ok());
}

TEST(RecordReader, KeepsARefusedRecordUpToALimit) {
    const Reject reject = formatReject(3, "why", std::string(100000, 'x'));
    EXPECT_EQ(reject.rule, "format");
    EXPECT_EQ(reject.origin, 3U);
    EXPECT_LT(reject.raw.size(), 66000U);
    EXPECT_GT(reject.raw.size(), 65000U);
}

}  // namespace
}  // namespace yimen::sync
