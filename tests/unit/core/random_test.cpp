#include "core/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace yimen::core {
namespace {

TEST(SystemRandom, FillsEveryByteAndNeverRepeats) {
    SystemRandom random;
    std::array<std::uint8_t, 4096> bytes{};
    random.fill(bytes);
    EXPECT_LT(std::count(bytes.begin(), bytes.end(), 0), 100);
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(random.uint64());
    EXPECT_EQ(seen.size(), 1000U);
    random.fill({});
}

TEST(SystemRandom, TextsHaveTheLengthOfTheirBytes) {
    SystemRandom random;
    EXPECT_EQ(random.hex(16).size(), 32U);
    EXPECT_EQ(random.base64Url(16).size(), 22U);
    EXPECT_EQ(random.base64Url(32).find_first_of("+/="), std::string::npos);
}

}  // namespace
}  // namespace yimen::core
