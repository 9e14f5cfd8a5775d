#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "sync/item_spec.h"
#include "sync/job_queue.h"
#include "sync/runner/calendar.h"
#include "sync/runner/pipeline.h"

namespace yimen::sync {

/// When an item runs next after a run that ended at `ended`. Nothing: by hand only. Failures in a row wait 1, 2, 4 ...
/// minutes, an hour at most, and never shorter than the schedule's own step.
std::optional<std::int64_t> nextRun(const Schedule& schedule, const WorkingCalendar& calendar, std::int64_t ended,
                                    std::int64_t failures);

/// How a run ended, for its next time.
enum class JobEnd { kDone, kFailed };

/// Runs jobs that are due on threads of its own.
class Scheduler {
public:
    struct Settings {
        std::string owner;  ///< this node and process
        unsigned workers = 2;
        std::chrono::milliseconds lease{30'000};  ///< extended every third of it
        std::chrono::milliseconds poll{1'000};
    };
    struct Dependencies {
        JobQueue& queue;
        const core::Clock& clock;
        /// Runs the item to its end and says when it is due again (ms since 1970; 0: by hand). Any thread.
        std::function<std::pair<JobEnd, std::int64_t>(const JobLease&, Progress&)> run;
    };

    Scheduler(Settings settings, Dependencies dependencies);
    /// Stops: runs under way end after their commit and give their jobs back.
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// Looks for due jobs at once.
    void wake();
    /// What runs now, for page A10: names of jobs and their progress.
    std::vector<std::pair<std::string, std::shared_ptr<Progress>>> running() const;
    /// False when the job of that name does not run on this node.
    bool cancel(const std::string& name);

private:
    void work();
    using Running = std::map<std::string, std::pair<JobLease, std::shared_ptr<Progress>>>;
    void beat();
    void extend(const Running& runs);
    void cancelAsked();
    bool runOne();

    const Settings settings_;
    const Dependencies dependencies_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    Running running_;
    std::vector<std::thread> workers_;
    std::thread heart_;
};

}  // namespace yimen::sync
