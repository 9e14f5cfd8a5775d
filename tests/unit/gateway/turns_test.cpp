#include "gateway/turns.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace yimen::gateway {
namespace {

TEST(Turns, GoOneAfterTheOtherInOrder) {
    const auto turns = std::make_shared<Turns>();
    std::vector<int> order;
    Turns::Turn first;
    turns->wait([&](Turns::Turn turn) {
        order.push_back(1);
        first = std::move(turn);
    });
    turns->wait([&](Turns::Turn) { order.push_back(2); });
    turns->wait([&](Turns::Turn) { order.push_back(3); });
    EXPECT_EQ(order, (std::vector<int>{1}));
    first.reset();
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Turns, ATurnThatIsDroppedUnusedDoesNotBlockTheOthers) {
    const auto turns = std::make_shared<Turns>();
    Turns::Turn first;
    turns->wait([&](Turns::Turn turn) { first = std::move(turn); });
    turns->wait([](Turns::Turn) {});  // its client has gone
    bool came = false;
    turns->wait([&](Turns::Turn) { came = true; });
    first.reset();
    EXPECT_TRUE(came);
}

TEST(Turns, NeverTwoAtATimeFromManyThreads) {
    const auto turns = std::make_shared<Turns>();
    std::atomic<int> inside{0};
    std::atomic<int> most{0};
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                turns->wait([&](Turns::Turn) {
                    most = std::max(most.load(), ++inside);
                    --inside;
                    ++done;
                });
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(done, 2000);
    EXPECT_EQ(most, 1);
}

}  // namespace
}  // namespace yimen::gateway
