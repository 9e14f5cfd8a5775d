#include "core/error.h"

#include <gtest/gtest.h>

#include <set>

namespace yimen::core {
namespace {

TEST(Error, EveryCodeHasItsOwnWord) {
    std::set<std::string_view> words;
    for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
        words.insert(toString(static_cast<ErrorCode>(code)));
    }
    EXPECT_EQ(words.size(), static_cast<std::size_t>(ErrorCode::kInternal) + 1);
}

TEST(Error, DescribesItselfForTheLog) {
    EXPECT_EQ((Error{ErrorCode::kDenied, "no", ""}).describe(), "denied: no");
    EXPECT_EQ((Error{ErrorCode::kDenied, "no", "rule 7"}).describe(), "denied: no (rule 7)");
}

}  // namespace
}  // namespace yimen::core
