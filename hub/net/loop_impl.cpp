#include "net/loop_impl.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstring>
#include <exception>

#include "core/log.h"
#include "core/time_format.h"
#include "net/loop_parts.h"

namespace yimen::net {
namespace {

constexpr int kEventsPerTurn = 256;
constexpr std::uint32_t kLongestSleepMs = 1000;

/// A function with a deadline.
class TimerTask final : public Handler {
public:
    explicit TimerTask(std::function<void()> fn) : fn_(std::move(fn)) {}
    void onEvents(std::uint32_t) override {}
    void onTimer() override { fn_(); }

private:
    std::function<void()> fn_;
};

}  // namespace

void LoopMailbox::post(std::function<void()> task) {
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return;
        first = tasks_.empty();
        tasks_.push_back(std::move(task));
    }
    if (first) {
        const std::uint64_t one = 1;
        // Can only fail when the counter is full, and then the loop is being woken already.
        [[maybe_unused]] const ssize_t written = ::write(wakeUp_.get(), &one, sizeof one);
    }
}

std::vector<std::function<void()>> LoopMailbox::take() {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wakeUp_.get(), &count, sizeof count);
    const std::lock_guard lock(mutex_);
    return std::exchange(tasks_, {});
}

void LoopMailbox::close() {
    std::vector<std::function<void()>> dropped;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(tasks_);
}

LoopImpl::LoopImpl(unsigned index, Dispatcher& dispatcher, const core::Clock& clock)
    : index_(index),
      dispatcher_(dispatcher),
      clock_(clock),
      startTime_(clock.mono()),
      now_(startTime_),
      scratch_(std::make_unique<char[]>(kScratchBytes)) {}

LoopImpl::~LoopImpl() {
    join();
}

core::Status LoopImpl::open() {
    epoll_ = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
    FileDescriptor wakeUp(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!epoll_.open() || !wakeUp.open()) {
        return core::makeError(core::ErrorCode::kUnavailable, "no descriptors left for an event loop");
    }
    mailbox_ = std::make_shared<LoopMailbox>(std::move(wakeUp));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = nullptr;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, mailbox_->fd(), &event) != 0) {
        return core::makeError(core::ErrorCode::kUnavailable, "epoll refuses the loop's wake-up descriptor");
    }
    return {};
}

void LoopImpl::setParts(std::unique_ptr<LoopParts> parts) {
    parts_ = std::move(parts);
}

void LoopImpl::start(std::function<void()> prepare) {
    thread_ = std::thread([this, prepare = std::move(prepare)] {
        try {
            run(prepare);
        } catch (const std::exception& failure) {
            core::logError("net.loop.failed", {{"loop", std::int64_t{index_}}, {"what", failure.what()}});
            std::terminate();
        }
    });
}

void LoopImpl::run(const std::function<void()>& prepare) {
    threadId_ = std::this_thread::get_id();
    ::pthread_setname_np(::pthread_self(), ("loop" + std::to_string(index_)).c_str());
    now_ = clock_.mono();
    dispatcher_.onLoopStart(*this);
    prepare();
    while (!stopped_) turn();
    mailbox_->close();
    forAll(&Handler::onCutOff);
    for (auto& handler : handlers_) graveyard_.push_back(std::move(handler));
    handlers_.clear();
    bury();
    parts_.reset();
    dispatcher_.onLoopStop(*this);
    slot.reset();
}

void LoopImpl::turn() {
    epoll_event events[kEventsPerTurn];
    const std::uint32_t wait = ready_.empty() ? wheel_.quietMs(sinceStartMs(), kLongestSleepMs) : 0;
    const int count = ::epoll_wait(epoll_.get(), events, kEventsPerTurn, static_cast<int>(wait));
    now_ = clock_.mono();
    for (int i = 0; i < count; ++i) {
        auto* const handler = static_cast<Handler*>(events[i].data.ptr);
        if (handler == nullptr) {
            mailWaiting_ = true;
        } else if (!handler->retired_) {
            stamped_ = false;
            handler->onEvents(events[i].events);
        }
    }
    runReady();
    if (mailWaiting_) runMailbox();
    runTimers();
    dispatcher_.onLoopTurn(*this);
    bury();
    metrics_.add(Counter::kTurns);
    if (draining_) checkDrain();
}

void LoopImpl::checkDrain() {
    if (!drained() && now_ < drainUntil_) return;
    stopped_ = true;
    if (drained()) return;
    cutOff_ = true;
    forAll(&Handler::onCutOff);
    bury();
}

/// Calls may retire handlers, so the list is copied first.
void LoopImpl::forAll(void (Handler::*call)()) {
    std::vector<Handler*> all;
    all.reserve(handlers_.size());
    for (const auto& handler : handlers_) all.push_back(handler.get());
    for (Handler* const handler : all) {
        if (!handler->retired_) (handler->*call)();
    }
}

void LoopImpl::runReady() {
    readyNow_.swap(ready_);
    for (Handler* const handler : readyNow_) {
        handler->awake_ = false;
        stamped_ = false;
        if (!handler->retired_) handler->onReady();
    }
    readyNow_.clear();
}

void LoopImpl::runMailbox() {
    mailWaiting_ = false;
    for (auto& task : mailbox_->take()) {
        stamped_ = false;
        task();
    }
}

std::uint64_t LoopImpl::sinceStartMs() const noexcept {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now_ - startTime_).count());
}

void LoopImpl::runTimers() {
    stamped_ = false;
    wheel_.advance(sinceStartMs(), due_);
    for (auto* const handler : due_) {
        // An earlier one of this batch may have set it again.
        if (!handler->retired_ && !handler->timerArmed_) handler->onTimer();
    }
    due_.clear();
}

void LoopImpl::bury() {
    // A destructor may retire others, so the list may grow while it is emptied. Handlers woken in this turn may still
    // stand in ready_.
    while (!graveyard_.empty()) {
        std::erase_if(ready_, [](const Handler* handler) { return handler->retired_; });
        const auto dead = std::exchange(graveyard_, {});
    }
}

Handler& LoopImpl::adopt(std::unique_ptr<Handler> handler) {
    handler->ownerIndex_ = static_cast<std::uint32_t>(handlers_.size());
    handlers_.push_back(std::move(handler));
    return *handlers_.back();
}

bool LoopImpl::watch(int fd, Handler& handler, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &handler;
    return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void LoopImpl::unwatch(int fd) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void LoopImpl::retire(Handler& handler) {
    if (handler.retired_) return;
    handler.retired_ = true;
    wheel_.remove(handler);
    const std::uint32_t index = handler.ownerIndex_;
    graveyard_.push_back(std::move(handlers_[index]));
    if (index + 1 != handlers_.size()) {
        handlers_[index] = std::move(handlers_.back());
        handlers_[index]->ownerIndex_ = index;
    }
    handlers_.pop_back();
}

void LoopImpl::wake(Handler& handler) {
    if (handler.awake_ || handler.retired_) return;
    handler.awake_ = true;
    ready_.push_back(&handler);
}

void LoopImpl::setTimer(Handler& handler, std::chrono::milliseconds delay) {
    if (handler.retired_) return;
    wheel_.set(handler, static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count(), 0)));
}

Loop::TimerId LoopImpl::after(std::chrono::milliseconds delay, std::function<void()> fn) {
    const TimerId id = nextTimer_++;
    auto task = std::make_unique<TimerTask>([this, id, fn = std::move(fn)] {
        Handler* const self = timers_[id];
        timers_.erase(id);
        retire(*self);
        fn();
    });
    Handler& handler = adopt(std::move(task));
    timers_.emplace(id, &handler);
    setTimer(handler, delay);
    return id;
}

void LoopImpl::cancel(TimerId id) {
    const auto found = timers_.find(id);
    if (found == timers_.end()) return;
    retire(*found->second);
    timers_.erase(found);
}

const std::string& LoopImpl::httpDate() {
    const core::WallTime wall = clock_.wall();
    const std::int64_t second = core::toUnixSeconds(wall);
    if (second != httpDateSecond_) {
        httpDateSecond_ = second;
        httpDate_ = core::formatHttpDate(wall);
    }
    return httpDate_;
}

void LoopImpl::drain(std::chrono::milliseconds deadline) {
    post([this, deadline] { beginDrain(deadline); });
}

void LoopImpl::beginDrain(std::chrono::milliseconds deadline) {
    draining_ = true;
    drainUntil_ = now_ + deadline;
    // Ends the turn's sleep in time even if nothing else happens.
    after(deadline, [] {});
    forAll(&Handler::onDrain);
}

bool LoopImpl::drained() const noexcept {
    return metrics_.read(Counter::kActiveConnections) == 0;
}

void LoopImpl::join() {
    if (thread_.joinable()) thread_.join();
}

}  // namespace yimen::net
