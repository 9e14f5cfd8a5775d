#include "net/timer_wheel.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace yimen::net {
namespace {

class Probe final : public Handler {
public:
    void onEvents(std::uint32_t) override {}
};

std::vector<Handler*> advanceTo(TimerWheel& wheel, std::uint64_t ms) {
    std::vector<Handler*> due;
    wheel.advance(ms, due);
    return due;
}

TEST(TimerWheel, FiresNotBeforeItsTime) {
    for (const std::uint64_t delay : {1U, 8U, 100U, 8000U, 8192U, 8200U, 75000U, 3600000U}) {
        TimerWheel wheel;
        Probe probe;
        wheel.set(probe, delay);
        std::uint64_t fired = 0;
        for (std::uint64_t now = 0; fired == 0 && now < delay + 100; now += 4) {
            if (!advanceTo(wheel, now).empty()) fired = now;
        }
        EXPECT_GE(fired, delay);
        EXPECT_LE(fired, delay + 2 * TimerWheel::kStepMs);
    }
}

TEST(TimerWheel, CanBePutOffAndBroughtForward) {
    TimerWheel wheel;
    Probe probe;
    wheel.set(probe, 100);
    EXPECT_TRUE(advanceTo(wheel, 50).empty());
    wheel.set(probe, 100);
    EXPECT_TRUE(advanceTo(wheel, 140).empty());
    EXPECT_EQ(advanceTo(wheel, 164).size(), 1U);
    wheel.set(probe, 5000);
    wheel.set(probe, 16);
    EXPECT_EQ(advanceTo(wheel, 200).size(), 1U);
    EXPECT_TRUE(advanceTo(wheel, 9000).empty()) << "the later deadline was replaced";
}

TEST(TimerWheel, ForgetsWhatIsClearedOrRemoved) {
    TimerWheel wheel;
    Probe cleared;
    Probe removed;
    wheel.set(cleared, 10);
    wheel.set(removed, 10);
    wheel.clear(cleared);
    wheel.remove(removed);
    EXPECT_TRUE(advanceTo(wheel, 100).empty());
}

TEST(TimerWheel, CatchesUpAfterALongPause) {
    TimerWheel wheel;
    Probe near;
    Probe far;
    wheel.set(near, 10);
    wheel.set(far, 200000);
    const auto due = advanceTo(wheel, 100000);
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0], &near);
    EXPECT_EQ(advanceTo(wheel, 200100).size(), 1U);
}

TEST(TimerWheel, SaysHowLongItIsQuiet) {
    TimerWheel wheel;
    Probe probe;
    EXPECT_EQ(wheel.quietMs(0, 1000), 1000U);
    wheel.set(probe, 80);
    const std::uint32_t quiet = wheel.quietMs(0, 1000);
    EXPECT_GT(quiet, 0U);
    EXPECT_LE(quiet, 80U);
    EXPECT_EQ(wheel.quietMs(500, 1000), 0U) << "overdue";
}

}  // namespace
}  // namespace yimen::net
