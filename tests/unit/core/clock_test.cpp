#include "core/clock.h"

#include <gtest/gtest.h>

namespace yimen::core {
namespace {

TEST(SystemClock, GoesForwardAndKnowsTheCentury) {
    const SystemClock clock;
    const auto first = clock.mono();
    EXPECT_LE(first, clock.mono());
    EXPECT_GT(clock.wall(), fromUnixSeconds(1'700'000'000));
}

TEST(ManualClock, MovesBothHandsTogetherAndOnlyWhenTold) {
    ManualClock clock;
    const auto wall = clock.wall();
    const auto mono = clock.mono();
    EXPECT_EQ(clock.wall(), wall);
    clock.advance(std::chrono::seconds(5));
    EXPECT_EQ(clock.wall() - wall, std::chrono::seconds(5));
    EXPECT_EQ(clock.mono() - mono, std::chrono::seconds(5));
}

}  // namespace
}  // namespace yimen::core
