#pragma once

#include <cstddef>
#include <cstdint>

namespace yimen::net {

/// Something a loop calls: a connection, a listener, a timer. Owned by its loop from adopt() to retire(); loop thread
/// only. Internal to net.
class Handler {
public:
    Handler() = default;
    virtual ~Handler() = default;
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;

    /// epoll events of its descriptor (EPOLLIN, ...).
    virtual void onEvents(std::uint32_t events) = 0;
    /// The deadline set with LoopImpl::setTimer has passed.
    virtual void onTimer() {}
    /// Asked for with LoopImpl::wake.
    virtual void onReady() {}
    /// The server is stopping: end when idle.
    virtual void onDrain() {}
    /// The time for draining is over: end now.
    virtual void onCutOff() {}

private:
    friend class LoopImpl;
    friend class TimerWheel;

    Handler* timerPrevious_ = nullptr;
    Handler* timerNext_ = nullptr;
    std::uint32_t deadlineTick_ = 0;  ///< when it is due
    std::uint32_t slotTick_ = 0;      ///< where it hangs in the wheel; never later than due
    std::uint32_t ownerIndex_ = 0;
    bool timerLinked_ = false;
    bool timerArmed_ = false;
    bool retired_ = false;
    bool awake_ = false;
};

}  // namespace yimen::net
