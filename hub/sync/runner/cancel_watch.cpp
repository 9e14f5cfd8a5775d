#include "sync/runner/cancel_watch.h"

#include <pthread.h>

#include <chrono>

namespace yimen::sync {

CancelWatch::CancelWatch(const Progress& progress, Source& source)
    : progress_(progress), source_(source), thread_([this] { watch(); }) {}

CancelWatch::~CancelWatch() {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
    }
    over_.notify_all();
    thread_.join();
}

void CancelWatch::watch() {
    constexpr std::chrono::milliseconds kLook{100};
    ::pthread_setname_np(::pthread_self(), "sync.cancel");
    std::unique_lock lock(mutex_);
    while (!over_.wait_for(lock, kLook, [this] { return done_; })) {
        if (!progress_.cancelled) continue;
        source_.interrupt();
        return;
    }
}

}  // namespace yimen::sync
