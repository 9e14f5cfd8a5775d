#include "catalog/item.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace yimen::catalog {
namespace {

TEST(DataItem, HasAWordForEachShareTypeAndKindOfPersonalInformation) {
    EXPECT_EQ((std::set<std::string_view>{toString(ShareType::kUnconditional), toString(ShareType::kConditional),
                                          toString(ShareType::kNone)})
                  .size(),
              3U);
    EXPECT_EQ(toString(Personal::kSensitive), "sensitive_personal");
}

TEST(LatestAge, IsNothingForItemsOnDemandAndUnknownWords) {
    EXPECT_FALSE(latestAge("按需").has_value());
    EXPECT_FALSE(latestAge("").has_value());
}

}  // namespace
}  // namespace yimen::catalog
