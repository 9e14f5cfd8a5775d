#include "net/worker_pool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <stdexcept>

namespace yimen::net {
namespace {

TEST(WorkerPool, RefusesWhatDoesNotFit) {
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    std::promise<void> started;
    std::atomic<int> ran = 0;
    WorkerPool pool({"test", 1, 2});
    ASSERT_TRUE(pool.submit([&] {
        started.set_value();
        released.wait();
    }));
    started.get_future().wait();
    EXPECT_TRUE(pool.submit([&] { ++ran; }));
    EXPECT_TRUE(pool.submit([&] { ++ran; }));
    EXPECT_FALSE(pool.submit([&] { ++ran; }));
    EXPECT_EQ(pool.stats().queued, 2U);
    EXPECT_EQ(pool.stats().active, 1U);
    EXPECT_EQ(pool.stats().refused, 1U);
    release.set_value();
    std::promise<void> last;
    while (!pool.submit([&] { last.set_value(); })) {
    }
    last.get_future().wait();
    EXPECT_EQ(ran, 2);
}

TEST(WorkerPool, MakesWayForOtherThreads) {
    const int mine = ::getpriority(PRIO_PROCESS, 0);
    const auto niceOf = [](int niceness) {
        std::promise<int> seen;
        WorkerPool pool({"test", 1, 10, niceness});
        EXPECT_TRUE(pool.submit([&] { seen.set_value(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()))); }));
        return seen.get_future().get();
    };
    EXPECT_EQ(niceOf(0), mine);
    EXPECT_EQ(niceOf(3), std::min(mine + 3, 19));
    EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), mine) << "the caller keeps its own";
}

TEST(WorkerPool, SurvivesATaskThatThrows) {
    WorkerPool pool({"test", 1, 10});
    ASSERT_TRUE(pool.submit([] { throw std::runtime_error("library"); }));
    std::promise<void> done;
    ASSERT_TRUE(pool.submit([&] { done.set_value(); }));
    done.get_future().wait();
    EXPECT_GE(pool.stats().done, 1U);
}

TEST(WorkerPool, FinishesWhatRunsAndDropsWhatWaits) {
    std::atomic<int> finished = 0;
    std::atomic<bool> started = false;
    {
        WorkerPool pool({"test", 1, 10});
        ASSERT_TRUE(pool.submit([&] {
            started = true;
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            ++finished;
        }));
        while (!started) std::this_thread::yield();
        ASSERT_TRUE(pool.submit([&] { ++finished; }));
    }
    EXPECT_EQ(finished, 1);
}

}  // namespace
}  // namespace yimen::net
