#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace yimen::sync {

/// Between two stages of a pipeline: a full queue holds up the stage before it, and in the end the source.
/// Thread-safe. Closing lets both sides go: what waits inside is still given out.
template <typename T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t limit) : limit_(limit) {}

    /// False when the queue was closed: the item is gone.
    bool push(T item) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return closed_ || items_.size() < limit_; });
        if (closed_) return false;
        items_.push_back(std::move(item));
        lock.unlock();
        changed_.notify_all();
        return true;
    }

    /// Nothing when the queue is closed and empty.
    std::optional<T> pop() {
        for (;;) {
            bool waited = false;
            auto item = popWithin(std::chrono::hours(1), waited);
            if (item || !waited) return item;
        }
    }

    /// The same, but not for longer than `wait`: `waited` says that this was why there is nothing.
    std::optional<T> popWithin(std::chrono::milliseconds wait, bool& waited) {
        std::unique_lock lock(mutex_);
        waited = !changed_.wait_for(lock, wait, [&] { return closed_ || !items_.empty(); });
        if (items_.empty()) return std::nullopt;
        T item = std::move(items_.front());
        items_.pop_front();
        lock.unlock();
        changed_.notify_all();
        return item;
    }

    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        changed_.notify_all();
    }

private:
    const std::size_t limit_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<T> items_;
    bool closed_ = false;
};

}  // namespace yimen::sync
