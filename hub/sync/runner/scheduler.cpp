#include "sync/runner/scheduler.h"

#include <pthread.h>

#include <algorithm>
#include <exception>

#include "core/log.h"

namespace yimen::sync {

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kLongestWaitMs = 60 * kMinuteMs;
constexpr std::int64_t kMostDoublings = 6;

}  // namespace

std::optional<std::int64_t> nextRun(const Schedule& schedule, const WorkingCalendar& calendar, std::int64_t ended,
                                    std::int64_t failures) {
    std::optional<std::int64_t> next;
    if (!schedule.cron.empty()) {
        const auto rule = CronRule::parse(schedule.cron);
        if (rule.ok()) next = rule->next(ended, schedule.workingDays ? &calendar : nullptr);
    } else if (schedule.every.count() > 0) {
        next = ended + schedule.every.count();
        if (schedule.workingDays) {
            const auto every = CronRule::parse("* * * * *");
            const auto later = every->next(*next - kMinuteMs, &calendar);
            if (later) next = std::max(*next, *later);
        }
    }
    if (!next || failures == 0) return next;
    // A fault that may pass is tried again before the next regular time, but ever more rarely.
    const std::int64_t wait =
        std::min(kLongestWaitMs, kMinuteMs << std::min<std::int64_t>(failures - 1, kMostDoublings));
    return schedule.cron.empty() ? std::max(*next, ended + wait) : std::min(*next, ended + wait);
}

Scheduler::Scheduler(Settings settings, Dependencies dependencies)
    : settings_(std::move(settings)), dependencies_(std::move(dependencies)) {
    for (unsigned i = 0; i < settings_.workers; ++i) workers_.emplace_back([this] { work(); });
    heart_ = std::thread([this] { beat(); });
}

Scheduler::~Scheduler() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (auto& [item, run] : running_) run.second->cancelled = true;
    }
    changed_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    changed_.notify_all();  // nothing runs any more: the heart may stop
    heart_.join();
}

void Scheduler::wake() {
    changed_.notify_all();
}

std::vector<std::pair<std::string, std::shared_ptr<Progress>>> Scheduler::running() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<std::string, std::shared_ptr<Progress>>> out;
    for (const auto& [item, run] : running_) out.emplace_back(item, run.second);
    return out;
}

bool Scheduler::cancel(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(name);
    if (found == running_.end()) return false;
    found->second.second->cancelled = true;
    return true;
}

void Scheduler::work() {
    ::pthread_setname_np(::pthread_self(), "sync.jobs");
    while (true) {
        bool ran = false;
        try {
            ran = runOne();
        } catch (const std::exception& thrown) {  // thread entry
            core::logError("sync.job.failed", {{"what", thrown.what()}});
        }
        std::unique_lock lock(mutex_);
        if (stopping_) return;
        if (!ran) changed_.wait_for(lock, settings_.poll);
        if (stopping_) return;
    }
}

bool Scheduler::runOne() {
    const auto claimed = dependencies_.queue.claim(settings_.owner, settings_.lease);
    if (!claimed.ok()) {
        core::logWarn("sync.jobs.unavailable", {{"what", claimed.error().message}});
        return false;
    }
    if (!*claimed) return false;
    const JobLease lease = **claimed;
    const auto progress = std::make_shared<Progress>();
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) progress->cancelled = true;
        running_[lease.name()] = {lease, progress};
    }
    const auto [end, next] = dependencies_.run(lease, *progress);
    {
        const std::lock_guard lock(mutex_);
        running_.erase(lease.name());
    }
    const auto status = dependencies_.queue.complete(lease, next, end == JobEnd::kFailed);
    if (!status.ok()) core::logWarn("sync.jobs.unavailable", {{"what", status.error().message}});
    return true;
}

/// Keeps the leases of what runs; what lost its lease is stopped, the fence keeps it from writing in between. Between
/// two extensions it looks for runs that somebody wants to stop.
void Scheduler::beat() {
    ::pthread_setname_np(::pthread_self(), "sync.lease");
    const auto step = std::min(settings_.poll, settings_.lease / 3);
    std::chrono::milliseconds since{0};
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, step, [this] { return stopping_ && running_.empty(); })) {
        const auto now = running_;
        since += step;
        const bool extends = since >= settings_.lease / 3;
        if (extends) since = std::chrono::milliseconds(0);
        lock.unlock();
        if (extends) extend(now);
        if (!now.empty()) cancelAsked();
        lock.lock();
    }
}

void Scheduler::extend(const Running& runs) {
    for (const auto& [item, run] : runs) {
        const auto kept = dependencies_.queue.extend(run.first, settings_.lease);
        if (kept.ok() && !*kept) {
            core::logWarn("sync.job.lease_lost", {{"item", item}});
            run.second->cancelled = true;
        }
    }
}

void Scheduler::cancelAsked() {
    const auto asked = dependencies_.queue.cancelled(settings_.owner);
    if (!asked.ok()) return;
    for (const std::string& name : *asked) cancel(name);
}

}  // namespace yimen::sync
