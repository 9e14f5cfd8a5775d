#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace yimen::net {

/// Threads for work that may block (KDF, LDAP, SQL, sign-ons): bounded in threads and in waiting tasks.
/// Thread-safe. Results go back with ExchangeRef::post or Loop::post.
class WorkerPool {
public:
    struct Config {
        std::string name = "io";  ///< also the thread name (first 15 bytes) and the metric label
        unsigned threads = 4;
        std::size_t queueLimit = 1024;
        /// Added to the threads' nice value (setpriority(2), per thread on Linux): work that takes milliseconds of CPU,
        /// such as a password hash, makes way for the loops that share its core.
        int niceness = 0;
    };
    struct Stats {
        std::uint64_t queued = 0;  ///< waiting now
        std::uint64_t active = 0;  ///< running now
        std::uint64_t done = 0;
        std::uint64_t refused = 0;
    };

    explicit WorkerPool(Config config);
    /// Finishes what runs, drops what waits.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False when the queue is full or the pool is stopping: answer 503 with Retry-After. An exception from `task`
    /// is caught and logged (event net.worker.failed).
    [[nodiscard]] bool submit(std::function<void()> task);
    Stats stats() const;
    const std::string& name() const noexcept;

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace yimen::net
