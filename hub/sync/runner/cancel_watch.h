#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "sync/runner/pipeline.h"
#include "sync/source.h"

namespace yimen::sync {

/// Lets a source go that a run waits for when somebody cancels the run: while it is asked for its columns as well as
/// between and during reads. One thread of its own, as long as it lives; both arguments outlive it.
class CancelWatch {
public:
    CancelWatch(const Progress& progress, Source& source);
    ~CancelWatch();
    CancelWatch(const CancelWatch&) = delete;
    CancelWatch& operator=(const CancelWatch&) = delete;

private:
    void watch();

    const Progress& progress_;
    Source& source_;
    std::mutex mutex_;
    std::condition_variable over_;
    bool done_ = false;
    std::thread thread_;
};

}  // namespace yimen::sync
