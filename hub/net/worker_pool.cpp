#include "net/worker_pool.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/log.h"

namespace yimen::net {

class WorkerPool::State {
public:
    explicit State(Config config) : config_(std::move(config)) {
        for (unsigned i = 0; i < config_.threads; ++i) threads_.emplace_back([this] { run(); });
    }

    ~State() {
        std::deque<std::function<void()>> dropped;
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            dropped.swap(tasks_);
        }
        changed_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }

    bool submit(std::function<void()> task) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_ || tasks_.size() >= config_.queueLimit) {
                ++stats_.refused;
                return false;
            }
            tasks_.push_back(std::move(task));
        }
        changed_.notify_one();
        return true;
    }

    Stats stats() {
        const std::lock_guard lock(mutex_);
        Stats now = stats_;
        now.queued = tasks_.size();
        return now;
    }

    const Config& config() const noexcept { return config_; }

private:
    void run() {
        ::pthread_setname_np(::pthread_self(), config_.name.substr(0, 15).c_str());
        makeWay();
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
            if (stopping_) return;
            std::function<void()> task = std::move(tasks_.front());
            tasks_.pop_front();
            ++stats_.active;
            lock.unlock();
            runTask(task);
            task = nullptr;  // what it holds is let go before the next wait
            lock.lock();
            --stats_.active;
            ++stats_.done;
        }
    }

    /// On Linux a thread has a nice value of its own. Being refused one costs speed, not correctness.
    void makeWay() noexcept {
        if (config_.niceness == 0) return;
        const auto self = static_cast<id_t>(::gettid());
        errno = 0;
        const int now = ::getpriority(PRIO_PROCESS, self);
        if (errno == 0 && ::setpriority(PRIO_PROCESS, self, now + config_.niceness) == 0) return;
        core::logWarn("net.worker.niceness", {{"pool", config_.name}, {"errno", errno}});
    }

    void runTask(const std::function<void()>& task) noexcept {
        try {
            task();
        } catch (const std::exception& failure) {
            core::logError("net.worker.failed", {{"pool", config_.name}, {"what", failure.what()}});
        }
    }

    const Config config_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;
    Stats stats_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

WorkerPool::WorkerPool(Config config) : state_(std::make_unique<State>(std::move(config))) {}
WorkerPool::~WorkerPool() = default;

bool WorkerPool::submit(std::function<void()> task) {
    return state_->submit(std::move(task));
}

WorkerPool::Stats WorkerPool::stats() const {
    return state_->stats();
}

const std::string& WorkerPool::name() const noexcept {
    return state_->config().name;
}

}  // namespace yimen::net
