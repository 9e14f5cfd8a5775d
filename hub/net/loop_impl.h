#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/dispatcher.h"
#include "net/handler.h"
#include "net/loop.h"
#include "net/metrics.h"
#include "net/timer_wheel.h"
#include "net/transport.h"

namespace yimen::net {

class LoopParts;

/// The mailbox of a loop: a locked vector and an eventfd. Internal to net.
class LoopMailbox final : public Mailbox {
public:
    explicit LoopMailbox(FileDescriptor wakeUp) : wakeUp_(std::move(wakeUp)) {}
    void post(std::function<void()> task) override;
    /// Loop thread: all tasks so far; clears the eventfd.
    std::vector<std::function<void()>> take();
    /// From now on tasks are destroyed unrun.
    void close();
    int fd() const noexcept { return wakeUp_.get(); }

private:
    FileDescriptor wakeUp_;
    std::mutex mutex_;
    std::vector<std::function<void()>> tasks_;
    bool closed_ = false;
};

/// Loop with what the connections on it need. Internal to net; loop thread only unless marked.
class LoopImpl final : public Loop {
public:
    static constexpr std::size_t kScratchBytes = 64 * 1024;

    LoopImpl(unsigned index, Dispatcher& dispatcher, const core::Clock& clock);
    ~LoopImpl() override;

    /// Any thread, before start(): opens epoll and eventfd.
    core::Status open();
    /// Any thread. `prepare` runs first on the loop thread (listeners, pools).
    void start(std::function<void()> prepare);
    /// Any thread: lets connections end, cuts them off at the deadline, ends the thread.
    void drain(std::chrono::milliseconds deadline);
    void join();
    bool cutSomethingOff() const noexcept { return cutOff_; }

    std::shared_ptr<Mailbox> mailbox() const override { return mailbox_; }
    unsigned index() const noexcept override { return index_; }
    bool onLoopThread() const noexcept override { return std::this_thread::get_id() == threadId_; }
    core::MonoTime now() const noexcept override { return now_; }
    core::WallTime wallNow() const noexcept override { return clock_.wall(); }
    TimerId after(std::chrono::milliseconds delay, std::function<void()> fn) override;
    void cancel(TimerId id) override;
    LoopMetrics& metrics() noexcept override { return metrics_; }

    /// The time for durations: read once per call of a handler, not once per question.
    core::MonoTime stamp() {
        if (!stamped_) stamp_ = clock_.mono();
        stamped_ = true;
        return stamp_;
    }
    const core::Clock& clock() const noexcept { return clock_; }
    Dispatcher& dispatcher() noexcept { return dispatcher_; }
    bool draining() const noexcept { return draining_; }

    /// Takes ownership. With a descriptor: edge-triggered for everything, once.
    Handler& adopt(std::unique_ptr<Handler> handler);
    bool watch(int fd, Handler& handler, std::uint32_t events);
    void unwatch(int fd);
    /// No call reaches the handler any more; it is destroyed at the end of the turn.
    void retire(Handler& handler);
    /// Calls onReady in this turn, or in the next one when asked for from onReady.
    void wake(Handler& handler);
    void setTimer(Handler& handler, std::chrono::milliseconds delay);
    void clearTimer(Handler& handler) noexcept { wheel_.clear(handler); }

    /// Memory for one read, valid until the handler returns.
    char* scratch() noexcept { return scratch_.get(); }
    /// Cleared text for one outgoing head, valid until the handler returns.
    std::string& headBuffer() {
        headBuffer_.clear();
        return headBuffer_;
    }
    /// "Sat, 21 Nov 2026 10:42:05 GMT", made once a second.
    const std::string& httpDate();

    /// The parts that belong to other files: exchange pool, upstream pools.
    LoopParts& parts() noexcept { return *parts_; }
    void setParts(std::unique_ptr<LoopParts> parts);

private:
    void run(const std::function<void()>& prepare);
    void turn();
    void runReady();
    void runTimers();
    void runMailbox();
    void bury();
    bool drained() const noexcept;
    void checkDrain();
    void forAll(void (Handler::*call)());
    void beginDrain(std::chrono::milliseconds deadline);
    std::uint64_t sinceStartMs() const noexcept;

    const unsigned index_;
    Dispatcher& dispatcher_;
    const core::Clock& clock_;
    core::MonoTime startTime_;
    core::MonoTime now_;
    FileDescriptor epoll_;
    std::shared_ptr<LoopMailbox> mailbox_;
    std::unique_ptr<char[]> scratch_;
    std::string headBuffer_;
    std::string httpDate_;
    std::int64_t httpDateSecond_ = -1;
    LoopMetrics metrics_;
    TimerWheel wheel_;
    std::vector<std::unique_ptr<Handler>> handlers_;
    std::vector<std::unique_ptr<Handler>> graveyard_;
    std::vector<Handler*> ready_;
    std::vector<Handler*> readyNow_;
    std::vector<Handler*> due_;
    std::unordered_map<TimerId, Handler*> timers_;
    TimerId nextTimer_ = 1;
    std::unique_ptr<LoopParts> parts_;
    core::MonoTime drainUntil_;
    core::MonoTime stamp_;
    bool stamped_ = false;
    bool mailWaiting_ = false;
    bool draining_ = false;
    bool stopped_ = false;
    std::atomic<bool> cutOff_ = false;
    std::atomic<std::thread::id> threadId_;
    std::thread thread_;
};

}  // namespace yimen::net
