#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/body_reader.h"
#include "net/dispatcher.h"
#include "net/exchange.h"
#include "net/head_parser.h"
#include "net/loop_impl.h"
#include "net/response_relay.h"

namespace yimen::net {

class ClientConnection;
class UpstreamConnection;

/// The exchange as net runs it. Reused for later requests, so that its buffers are; loop thread only.
/// Internal to net. The files: served_exchange.cpp (life, decisions, answers of the hub), exchange_body.cpp (the
/// request's body), exchange_forward.cpp (the way to the upstream), exchange_relay.cpp (the way back).
class ServedExchange final : public Exchange {
public:
    explicit ServedExchange(LoopImpl& loop) : loop_(loop) {}
    ~ServedExchange() override;

    // Exchange
    const RequestHead& head() const noexcept override { return head_; }
    const Peer& peer() const noexcept override { return peer_; }
    Loop& loop() noexcept override { return loop_; }
    std::uint64_t id() const noexcept override { return id_; }
    void reply(Reply reply) override;
    void collect(std::size_t limit, std::function<void(Exchange&, std::string)> done) override;
    void onTooLong(std::function<Reply()> answer) override { tooLong_ = std::move(answer); }
    void forward(Forward forward) override;
    ExchangeRef hold() override;
    void onCancel(std::function<void()> cancelled) override { cancelled_ = std::move(cancelled); }
    bool upstreamReused() const noexcept override { return upstreamReused_; }

    // Called by the client connection.
    void attach(ClientConnection& client, std::uint64_t id);
    /// Copies and parses the head; kNone: begin() follows.
    HeadError read(std::string_view headBytes);
    void begin();
    /// In the client's turn: moves the request's body on. True when something has changed.
    bool pump();
    /// Everything queued towards the client has been sent.
    void onClientWritable();
    /// The client is gone, or has been cut off: ends without an answer.
    void onClientGone();
    void onHoldTimeout();
    void onBodyTimeout();
    bool answerStarted() const noexcept { return stats_.status != 0; }
    bool inTunnel() const noexcept { return phase_ == Phase::kTunnel; }
    /// Empties everything but the buffers' memory.
    void recycle();

    // Called by the upstream side.
    void onUpstreamConnecting(UpstreamConnection& upstream);
    void onUpstreamReady(UpstreamConnection& upstream);
    /// No connection could be had, or this one broke before the answer was complete.
    void onUpstreamFailed(UpstreamError error);
    /// Bytes are there: parses and relays. True when something was used up.
    bool onUpstreamData();
    bool done() const noexcept { return phase_ == Phase::kDone; }
    /// The upstream has closed its side, with FIN (`clean`) or otherwise.
    void onUpstreamEnd(bool clean);
    void onUpstreamWritable();
    bool wantsUpstreamData() const noexcept;
    /// The request has gone out completely and the client takes what comes: only the upstream can be slow.
    bool waitsForUpstream() const noexcept;
    const std::shared_ptr<UpstreamGroup>& upstreamGroup() const noexcept { return group_; }
    std::uint64_t pin() const noexcept { return pin_; }

    /// Runs a posted task if the exchange is held.
    void runPosted(const std::function<void(Exchange&)>& task);

private:
    class Link;
    enum class Phase : std::uint8_t { kIdle, kHeld, kCollecting, kForwarding, kAnswering, kTunnel, kDone };
    enum class Decision : std::uint8_t { kNone, kReply, kCollect, kForward, kHold };

    // served_exchange.cpp
    /// Every call into the dispatcher's code goes through here.
    template <typename Call>
    void decide(Call call) {
        const bool held = phase_ == Phase::kHeld;
        decision_ = Decision::kNone;
        deciding_ = true;
        call();
        deciding_ = false;
        carryOut(held);
    }
    void carryOut(bool mayStayHeld);
    void answer();
    void appendReplyHead(std::string& out, std::size_t bodySize, bool keep);
    void finish(bool keepAlive);
    void record();
    void dropLink();
    void replyError(int status);
    bool clientKeeps() const noexcept;
    std::uint32_t microsSince(core::MonoTime start) const;

    // exchange_body.cpp
    bool pumpCollect();
    bool mayForward() const;
    void restClient();
    bool pumpForward();
    bool forwardSome();
    bool pumpTunnel();
    bool fillBody();
    bool bodyTooSlow();
    void sendContinue();
    bool dropBodyAtHand();
    void refuseBody(int status, Counter reason);

    // exchange_forward.cpp
    void startForward();
    void connectUpstream(bool fresh);
    void writeUpstreamFraming();
    void sendUpstream(std::string_view body, bool last);
    bool requestSent() const noexcept;
    bool mayRetry(UpstreamError error) const noexcept;
    void releaseUpstream(bool reusable);
    void resumeUpstream();
    void failForward(UpstreamError error);

    // exchange_relay.cpp
    bool relayHead();
    bool relayFinalHead(std::size_t end);
    bool relayPeek();
    bool relayTunnel();
    void relayBody(std::string_view head);
    void deliver(std::string_view head, std::string_view body, bool last);
    void relayInterim();
    void applyDecision(FilterDecision decision, std::string& out);
    void decidePeeked(bool complete);
    void appendResponseFraming(std::string& out);
    void startTunnel(std::string& out);
    void responseComplete();
    void truncated();
    void badResponse();

    LoopImpl& loop_;
    ClientConnection* client_ = nullptr;
    std::uint64_t id_ = 0;
    Peer peer_;
    std::string headBytes_;
    std::vector<Field> fields_;
    RequestHead head_;
    std::shared_ptr<Link> link_;
    std::function<void()> cancelled_;
    ExchangeStats stats_;
    core::MonoTime started_;

    Phase phase_ = Phase::kIdle;
    Decision decision_ = Decision::kNone;
    bool deciding_ = false;
    bool keepAlive_ = true;
    Reply reply_;

    // Request body.
    BodyReader bodyIn_;
    std::size_t collectLimit_ = 0;
    std::function<void(Exchange&, std::string)> collectDone_;
    std::string collected_;
    std::function<Reply()> tooLong_;
    std::uint64_t bodyBytes_ = 0;
    core::MonoTime bodyWaitStart_;
    std::chrono::microseconds bodyWaited_{0};
    bool bodyWaiting_ = false;
    bool continueSent_ = false;

    // Forwarding.
    std::shared_ptr<UpstreamGroup> group_;
    ResponseFilter* filter_ = nullptr;
    std::uint64_t pin_ = 0;
    std::shared_ptr<const std::string> forwardBody_;
    std::string upstreamHead_;  ///< as sent, kept for the retry
    UpstreamConnection* upstream_ = nullptr;
    core::MonoTime forwarded_;
    bool replayable_ = false;
    bool upgradeAsked_ = false;
    bool upstreamReused_ = false;
    bool upstreamHeadSent_ = false;
    bool upstreamBodySent_ = false;
    bool connecting_ = false;
    unsigned connectTries_ = 0;

    ResponseRelay relay_;
};

}  // namespace yimen::net
