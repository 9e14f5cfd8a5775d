#pragma once

#include <memory>
#include <mutex>

namespace yimen::net {

/// A shared_ptr that one thread replaces while others read it. Thread-safe. A mutex, because std::atomic<shared_ptr>
/// of libstdc++ 12 releases its lock with relaxed order (GCC bug 101761), which ThreadSanitizer rightly reports; it is
/// taken once per connection, not per request. Internal to net.
template <typename T>
class SharedValue {
public:
    std::shared_ptr<T> load() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }
    void store(std::shared_ptr<T> value) {
        const std::lock_guard lock(mutex_);
        value_.swap(value);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<T> value_;
};

}  // namespace yimen::net
