#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/clock.h"

namespace yimen::net {

class UpstreamGroupImpl;

/// The thread that asks the name servers, so that no loop ever does. Thread-safe. Internal to net.
class Resolver {
public:
    static Resolver& shared();
    ~Resolver();
    /// Looks the group's names up soon, and again every dnsRefresh, as long as the group lives.
    void watch(const std::shared_ptr<UpstreamGroupImpl>& group);

private:
    struct Watched {
        std::weak_ptr<UpstreamGroupImpl> group;
        std::chrono::steady_clock::time_point due;
    };

    Resolver();
    void run();
    std::shared_ptr<UpstreamGroupImpl> nextDue(std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Watched> watched_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace yimen::net
