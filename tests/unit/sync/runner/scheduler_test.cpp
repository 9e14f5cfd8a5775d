#include "sync/runner/scheduler.h"

#include <gtest/gtest.h>

#include <deque>
#include <set>

namespace yimen::sync {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMinute = 60'000;

Schedule every(std::chrono::milliseconds step) {
    Schedule out;
    out.every = step;
    return out;
}

TEST(NextRun, FollowsTheScheduleAndIsNothingByHand) {
    EXPECT_EQ(nextRun(every(60s), {}, 1000, 0), 61'000);
    EXPECT_FALSE(nextRun({}, {}, 1000, 0).has_value());
    Schedule nightly;
    nightly.cron = "30 2 * * *";
    EXPECT_EQ(*nextRun(nightly, {}, 0, 0), (18 * 60 + 30) * kMinute) << "02:30 in the district is 18:30 UTC";
}

TEST(NextRun, WaitsLongerAfterEachFailureUpToAnHour) {
    EXPECT_EQ(nextRun(every(1s), {}, 0, 1), kMinute);
    EXPECT_EQ(nextRun(every(1s), {}, 0, 3), 4 * kMinute);
    EXPECT_EQ(nextRun(every(1s), {}, 0, 60), 60 * kMinute);
    EXPECT_EQ(nextRun(every(2h), {}, 0, 1), 120 * kMinute) << "never sooner than its own step";
    Schedule nightly;
    nightly.cron = "30 2 * * *";
    EXPECT_EQ(nextRun(nightly, {}, 0, 2), 2 * kMinute) << "a nightly item does not wait a day for a fault that passes";
}

TEST(NextRun, KeepsToWorkingDays) {
    Schedule hourly = every(1h);
    hourly.workingDays = true;
    const std::int64_t friday2330 = 1'795'188'600'000;  // 2026-11-20 23:30 in the district
    const auto next = nextRun(hourly, {}, friday2330, 0);
    EXPECT_EQ(*next, friday2330 + (48 * 60 + 30) * kMinute) << "Monday 00:00";
}

class FakeQueue final : public JobQueue {
public:
    core::Result<std::optional<JobLease>> claim(const std::string&, std::chrono::milliseconds) override {
        const std::lock_guard lock(mutex);
        if (due.empty()) return std::optional<JobLease>();
        JobLease lease;
        lease.item = due.front();
        due.pop_front();
        return std::optional<JobLease>(lease);
    }
    core::Result<std::vector<std::string>> cancelled(const std::string&) override {
        const std::lock_guard lock(mutex);
        return asked;
    }
    core::Result<bool> extend(const JobLease& lease, std::chrono::milliseconds) override {
        const std::lock_guard lock(mutex);
        return !lost.contains(lease.item);
    }
    core::Status complete(const JobLease& lease, std::int64_t next, bool failed) override {
        const std::lock_guard lock(mutex);
        completed.emplace_back(lease.item, next, failed);
        changed.notify_all();
        return {};
    }
    void waitFor(std::size_t count) {
        std::unique_lock lock(mutex);
        ASSERT_TRUE(changed.wait_for(lock, 20s, [&] { return completed.size() >= count; }));
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::string> due;
    std::set<std::string> lost;
    std::vector<std::string> asked;  ///< to stop
    std::vector<std::tuple<std::string, std::int64_t, bool>> completed;
};

TEST(Scheduler, RunsWhatIsDueAndGivesItBackWithItsNextTime) {
    FakeQueue queue;
    queue.due = {"a", "b", "c"};
    core::SystemClock clock;
    Scheduler scheduler({"node", 2, 30s, 5ms},
                        {queue, clock, [](const JobLease& lease, Progress&) {
                             return std::pair(lease.item == "b" ? JobEnd::kFailed : JobEnd::kDone, std::int64_t{77});
                         }});
    queue.waitFor(3);
    const std::lock_guard lock(queue.mutex);
    for (const auto& [item, next, failed] : queue.completed) {
        EXPECT_EQ(next, 77);
        EXPECT_EQ(failed, item == "b");
    }
}

/// Runs until it is cancelled, or until the test gives up.
std::pair<JobEnd, std::int64_t> untilCancelled(const JobLease&, Progress& progress) {
    for (int i = 0; i < 4000 && !progress.cancelled; ++i) std::this_thread::sleep_for(5ms);
    return {progress.cancelled ? JobEnd::kDone : JobEnd::kFailed, 0};
}

TEST(Scheduler, CancelsWhatAPersonCancels) {
    FakeQueue queue;
    queue.due = {"a"};
    core::SystemClock clock;
    Scheduler scheduler({"node", 1, 30s, 5ms}, {queue, clock, untilCancelled});
    EXPECT_FALSE(scheduler.cancel("b"));
    while (!scheduler.cancel("a")) std::this_thread::sleep_for(1ms);
    queue.waitFor(1);
    EXPECT_FALSE(std::get<2>(queue.completed[0]));
    EXPECT_TRUE(scheduler.running().empty());
}

TEST(Scheduler, CancelsWhatWasAskedForElsewhere) {
    FakeQueue queue;
    queue.due = {"a", "b"};
    queue.asked = {"a", "nothing here"};
    core::SystemClock clock;
    Scheduler scheduler({"node", 2, 30s, 5ms}, {queue, clock, untilCancelled});
    queue.waitFor(1);
    {
        const std::lock_guard lock(queue.mutex);
        EXPECT_EQ(std::get<0>(queue.completed[0]), "a");
        EXPECT_FALSE(std::get<2>(queue.completed[0]));
    }
    EXPECT_TRUE(scheduler.cancel("b")) << "the other one runs on";
}

TEST(Scheduler, StopsWorkWhoseLeaseWasLost) {
    FakeQueue queue;
    queue.due = {"a"};
    queue.lost = {"a"};
    core::SystemClock clock;
    Scheduler scheduler({"node", 1, 30ms, 5ms}, {queue, clock, untilCancelled});
    queue.waitFor(1);
    EXPECT_FALSE(std::get<2>(queue.completed[0])) << "cancelled by the heart";
}

TEST(Scheduler, EndsRunsUnderWayWhenItStops) {
    FakeQueue queue;
    queue.due = {"a"};
    core::SystemClock clock;
    {
        Scheduler scheduler({"node", 1, 30s, 5ms}, {queue, clock, untilCancelled});
        while (scheduler.running().empty()) std::this_thread::sleep_for(1ms);
    }
    ASSERT_EQ(queue.completed.size(), 1U);
}

}  // namespace
}  // namespace yimen::sync
