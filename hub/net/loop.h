#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "core/clock.h"

namespace yimen::net {

class LoopMetrics;

/// Where tasks for a loop are dropped off. Any thread; outlives the loop it belongs to.
class Mailbox {
public:
    virtual ~Mailbox() = default;
    /// Runs `task` on the loop thread in its next turn. After the loop has stopped the task is destroyed unrun.
    virtual void post(std::function<void()> task) = 0;
};

/// One event loop: one thread, one epoll, its own connections, pools and timers. Owned by Server.
/// All methods on the loop thread unless marked otherwise.
class Loop {
public:
    using TimerId = std::uint64_t;

    virtual ~Loop() = default;
    /// Any thread. Tasks run in the order of posting; the loop is woken once for many.
    void post(std::function<void()> task) { mailbox()->post(std::move(task)); }
    /// Any thread; the pointer may be kept for longer than the loop lives.
    virtual std::shared_ptr<Mailbox> mailbox() const = 0;

    /// 0 .. loops-1. Any thread.
    virtual unsigned index() const noexcept = 0;
    virtual bool onLoopThread() const noexcept = 0;
    /// Time at the start of this turn: cheap, at most a few ms old.
    virtual core::MonoTime now() const noexcept = 0;
    virtual core::WallTime wallNow() const noexcept = 0;

    /// Calls `fn` once, not earlier than `delay` from now and at most one wheel step (8 ms) plus one turn later.
    virtual TimerId after(std::chrono::milliseconds delay, std::function<void()> fn) = 0;
    /// Harmless for an id that has fired.
    virtual void cancel(TimerId id) = 0;

    virtual LoopMetrics& metrics() noexcept = 0;

    /// One place per loop for the dispatcher's own state (lua_State, log buffer, snapshot). Destroyed on the loop
    /// thread after Dispatcher::onLoopStop.
    std::shared_ptr<void> slot;
};

}  // namespace yimen::net
