#pragma once

#include <memory>
#include <span>

#include "net/body_reader.h"
#include "net/handler.h"
#include "net/inbox.h"
#include "net/loop_impl.h"
#include "net/out_queue.h"
#include "net/upstream_group.h"

namespace yimen::net {

class ServedExchange;
class UpstreamPool;

/// One connection to a system: connecting, serving one exchange, draining a discarded answer, or idle in its pool.
/// Internal to net; loop thread only.
class UpstreamConnection final : public Handler {
public:
    UpstreamConnection(LoopImpl& loop, UpstreamPool& pool, std::shared_ptr<UpstreamGroupImpl> group);
    ~UpstreamConnection() override;

    /// Starts connecting for `exchange`. False: failed at once, nothing was reported.
    bool connect(ServedExchange& exchange, const UpstreamGroupImpl::Pick& where);
    /// Serves another exchange; the connection was idle.
    void serve(ServedExchange& exchange);
    bool idle() const noexcept { return state_ == State::kIdle; }
    bool reused() const noexcept { return served_ > 1; }

    void onEvents(std::uint32_t events) override;
    void onTimer() override;
    void onReady() override { advance(); }
    void onDrain() override;

    // What the exchange uses.
    Inbox& inbox() noexcept { return inbox_; }
    /// Sends or queues. A broken connection is noted, and reported when reading finds no answer either.
    void send(std::span<iovec> parts);
    bool outputBlocked() const noexcept { return out_ != nullptr; }
    bool sendBroken() const noexcept { return sendBroken_; }
    /// Half-close, once everything queued has gone.
    void finishWriting();
    /// The exchange is done with it. Reusable: it goes back to the pool.
    void release(bool reusable);
    /// The exchange does not want the rest of this answer: reads on if it is short, closes otherwise.
    void discard(const BodyReader& rest, bool reusable);
    /// The system names how long it keeps an idle connection (Keep-Alive: timeout=N).
    void hintIdle(std::chrono::seconds timeout) noexcept { idleHint_ = timeout; }
    /// The system ended it too early: the exchange has let go of it already.
    void failedByPeer();
    /// After 101: no time limit of the upstream's applies.
    void becomeTunnel();
    void close();
    const UpstreamGroupImpl& group() const noexcept { return *group_; }
    std::uint64_t pin = 0;
    /// Its place among the pool's idle connections. The pool's alone.
    struct IdlePlace {
        UpstreamConnection* colder = nullptr;
        UpstreamConnection* warmer = nullptr;
        bool taken = false;
    };
    IdlePlace idlePlace;

private:
    enum class State : std::uint8_t { kConnecting, kHandshake, kBusy, kDraining, kIdle, kClosed };

    void advance();
    bool finishConnect();
    bool handshake();
    void established();
    void readAnswer();
    void readDrain();
    void goIdle();
    void fail(UpstreamError error);
    void armRead();

    LoopImpl& loop_;
    UpstreamPool& pool_;
    std::shared_ptr<UpstreamGroupImpl> group_;
    Transport io_{FileDescriptor()};
    Inbox inbox_;
    std::unique_ptr<OutQueue> out_;
    ServedExchange* exchange_ = nullptr;
    BodyReader drain_;
    std::size_t drained_ = 0;
    std::size_t origin_ = 0;
    std::uint64_t served_ = 0;
    std::chrono::seconds idleHint_{0};
    core::MonoTime totalDeadline_{};
    State state_ = State::kConnecting;
    bool readable_ = false;
    bool peerFinished_ = false;
    bool sendBroken_ = false;
    bool finishAfterFlush_ = false;
    bool tunnel_ = false;
};

}  // namespace yimen::net
