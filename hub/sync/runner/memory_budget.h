#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace yimen::sync {

/// Bytes that all pipelines of the hub may hold in batches together. A pipeline first waits for what it cannot do
/// without, in one step (so two of them never hold half each), then takes more only when it is there. Thread-safe.
class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t bytes) : total_(bytes), free_(bytes) {}

    /// A part of the budget, given back when it ends. Movable.
    class Grant {
    public:
        Grant() = default;
        Grant(MemoryBudget* budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {}
        Grant(Grant&& other) noexcept;
        Grant& operator=(Grant&& other) noexcept;
        ~Grant() { release(); }
        std::size_t bytes() const noexcept { return bytes_; }

    private:
        void release() noexcept;
        MemoryBudget* budget_ = nullptr;
        std::size_t bytes_ = 0;
    };

    /// Waits for `least`, then takes as much of `wanted` as is free in steps of `step`. A `least` above the whole
    /// budget is cut to it, so that nobody waits for ever. Empty grant when `stop()` was called.
    Grant take(std::size_t least, std::size_t wanted, std::size_t step);
    /// Lets waiting pipelines go with an empty grant: shutdown.
    void stop();

    std::size_t total() const noexcept { return total_; }
    std::size_t inUse() const;
    /// The most that was ever held.
    std::size_t peak() const;

private:
    void giveBack(std::size_t bytes) noexcept;

    const std::size_t total_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t free_;
    std::size_t peak_ = 0;
    bool stopped_ = false;
};

}  // namespace yimen::sync
