#include "sync/formats/zip_parts.h"

#include <gtest/gtest.h>

#include "unit/sync/formats/zipped.h"

namespace yimen::sync {
namespace {

TEST(ZipParts, UnpacksWithinOneBudgetForAll) {
    const std::string bytes = fixture::zipped({{"a", std::string(600, 'a')}, {"b", std::string(600, 'b')}});
    auto parts = ZipParts::open(bytes, "book", 1000);
    ASSERT_TRUE(parts.ok()) << parts.error().message;
    EXPECT_TRUE(parts->has("a"));
    EXPECT_FALSE(parts->has("c"));
    EXPECT_EQ(parts->part("c").error().code, core::ErrorCode::kUpstream);
    EXPECT_EQ(*parts->part("a"), std::string(600, 'a'));
    EXPECT_EQ(parts->part("b").error().code, core::ErrorCode::kTooLarge);
}

TEST(ZipParts, ComparesChecksums) {
    std::string bytes = fixture::zipped({{"a", "stored as it is"}});
    const auto at = bytes.find("stored");
    ASSERT_NE(at, std::string::npos);
    bytes[at] = 'S';
    auto parts = ZipParts::open(bytes, "book", 1000);
    ASSERT_TRUE(parts.ok());
    EXPECT_FALSE(parts->part("a").ok());
}

}  // namespace
}  // namespace yimen::sync
