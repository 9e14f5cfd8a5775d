#include "sync/runner/memory_budget.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

namespace yimen::sync {
namespace {

TEST(MemoryBudget, GivesMoreThanTheLeastOnlyWhenItIsThere) {
    MemoryBudget budget(100);
    const auto first = budget.take(20, 60, 20);
    EXPECT_EQ(first.bytes(), 60U);
    const auto second = budget.take(20, 60, 20);
    EXPECT_EQ(second.bytes(), 40U);
    EXPECT_EQ(budget.inUse(), 100U);
}

TEST(MemoryBudget, LetsTheNextWaitUntilSomethingIsGivenBack) {
    MemoryBudget budget(40);
    auto first = budget.take(40, 40, 20);
    auto second = std::async(std::launch::async, [&] { return budget.take(20, 20, 20).bytes(); });
    EXPECT_EQ(second.wait_for(std::chrono::milliseconds(30)), std::future_status::timeout);
    first = {};
    EXPECT_EQ(second.get(), 20U);
    EXPECT_EQ(budget.inUse(), 0U);
}

TEST(MemoryBudget, ServesARequestLargerThanItselfWithAllItHas) {
    MemoryBudget budget(10);
    EXPECT_EQ(budget.take(50, 90, 10).bytes(), 10U);
}

TEST(MemoryBudget, LetsWaitingOnesGoWhenItStops) {
    MemoryBudget budget(10);
    const auto held = budget.take(10, 10, 10);
    auto waiting = std::async(std::launch::async, [&] { return budget.take(10, 10, 10).bytes(); });
    budget.stop();
    EXPECT_EQ(waiting.get(), 0U);
}

TEST(MemoryBudget, IsNeverPassedByManyAtOnce) {
    MemoryBudget budget(64);
    std::vector<std::thread> threads;
    for (int i = 0; i < 20; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 200; ++n) {
                const auto grant = budget.take(16, 48, 8);
                EXPECT_GE(grant.bytes(), 16U);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_LE(budget.peak(), 64U);
    EXPECT_EQ(budget.inUse(), 0U);
}

}  // namespace
}  // namespace yimen::sync
