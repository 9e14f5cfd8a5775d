#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace yimen::core {

/// An immutable snapshot that is swapped as a whole. Thread-safe; whoever holds the pointer keeps what it saw.
/// Used instead of std::atomic<std::shared_ptr>, whose load in libstdc++ 12 gives its lock back without a barrier.
template <typename T>
class Published {
public:
    explicit Published(std::shared_ptr<const T> first = nullptr) : current_(std::move(first)) {}

    std::shared_ptr<const T> load() const {
        const std::lock_guard lock(mutex_);
        return current_;
    }
    void store(std::shared_ptr<const T> next) {
        const std::lock_guard lock(mutex_);
        current_.swap(next);  // the former one dies with the argument, after the lock is gone
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> current_;
};

}  // namespace yimen::core
