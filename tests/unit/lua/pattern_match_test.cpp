#include <gtest/gtest.h>

#include <string>

#include "lua/pattern.h"

namespace yimen::lua {
namespace {

TEST(PatternMatch, StopsWhenStepsAreUsedUp) {
    Pattern pattern;
    ASSERT_EQ(pattern.compile(".-.-.-.-b"), nullptr);
    const std::string subject(60, 'a');
    std::int64_t steps = 1000;
    const auto match = pattern.matchAt(subject, 0, steps);
    EXPECT_TRUE(match.outOfSteps);
    EXPECT_FALSE(match.found);
}

TEST(PatternMatch, CountsTheStepsItTakes) {
    Pattern pattern;
    ASSERT_EQ(pattern.compile("(a+)(b)"), nullptr);
    std::int64_t steps = 1000;
    const auto match = pattern.matchAt("xaaab", 1, steps);
    ASSERT_TRUE(match.found);
    EXPECT_EQ(match.end, 5U);
    EXPECT_EQ(match.captures[0].begin, 1U);
    EXPECT_EQ(match.captures[0].length, 3U);
    EXPECT_EQ(match.captures[1].begin, 4U);
    EXPECT_LT(steps, 1000);
    EXPECT_GT(steps, 980);
}

TEST(PatternMatch, TriesAtTheGivenPlaceOnly) {
    Pattern pattern;
    ASSERT_EQ(pattern.compile("b"), nullptr);
    std::int64_t steps = 100;
    EXPECT_FALSE(pattern.matchAt("ab", 0, steps).found);
    EXPECT_TRUE(pattern.matchAt("ab", 1, steps).found);
}

}  // namespace
}  // namespace yimen::lua
