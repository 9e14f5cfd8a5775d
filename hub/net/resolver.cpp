#include "net/resolver.h"

#include <pthread.h>

#include <algorithm>

#include "net/upstream_group.h"

namespace yimen::net {

Resolver& Resolver::shared() {
    static Resolver resolver;
    return resolver;
}

Resolver::Resolver() : thread_([this] { run(); }) {}

Resolver::~Resolver() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Resolver::watch(const std::shared_ptr<UpstreamGroupImpl>& group) {
    {
        const std::lock_guard lock(mutex_);
        watched_.push_back({group, core::SystemClock().mono()});
    }
    changed_.notify_all();
}

/// Waits until some group is due or the resolver stops (null).
std::shared_ptr<UpstreamGroupImpl> Resolver::nextDue(std::unique_lock<std::mutex>& lock) {
    while (!stopping_) {
        std::erase_if(watched_, [](const Watched& one) { return one.group.expired(); });
        const auto first = std::min_element(watched_.begin(), watched_.end(),
                                            [](const Watched& a, const Watched& b) { return a.due < b.due; });
        if (first == watched_.end()) {
            changed_.wait(lock);
            continue;
        }
        const auto now = core::SystemClock().mono();
        if (first->due > now) {
            changed_.wait_until(lock, first->due);
            continue;
        }
        if (auto group = first->group.lock()) {
            first->due = now + group->config().dnsRefresh;
            return group;
        }
    }
    return nullptr;
}

void Resolver::run() {
    ::pthread_setname_np(::pthread_self(), "resolver");
    std::unique_lock lock(mutex_);
    while (auto group = nextDue(lock)) {
        lock.unlock();
        group->resolve();
        group.reset();
        lock.lock();
    }
}

}  // namespace yimen::net
