#include "net/served_exchange.h"

#include <algorithm>
#include <atomic>

#include "core/ascii.h"
#include "core/check.h"
#include "net/char_table.h"
#include "net/client_connection.h"
#include "net/field_rules.h"
#include "net/forwarded.h"
#include "net/loop_parts.h"

namespace yimen::net {

/// The way back for other threads: knows the exchange only as long as it lives, and touches it on its loop only.
class ServedExchange::Link final : public ExchangeRef::Link, public std::enable_shared_from_this<Link> {
public:
    Link(std::shared_ptr<Mailbox> mailbox, ServedExchange* exchange)
        : mailbox_(std::move(mailbox)), exchange_(exchange) {}

    void post(std::function<void(Exchange&)> task) override {
        mailbox_->post([self = shared_from_this(), task = std::move(task)] {
            if (self->exchange_ != nullptr) self->exchange_->runPosted(task);
        });
    }
    bool alive() const noexcept override { return alive_.load(std::memory_order_relaxed); }
    void cut() noexcept {
        exchange_ = nullptr;
        alive_ = false;
    }

private:
    const std::shared_ptr<Mailbox> mailbox_;
    ServedExchange* exchange_;  ///< loop thread only
    std::atomic<bool> alive_{true};
};

ServedExchange::~ServedExchange() {
    dropLink();
}

void ServedExchange::dropLink() {
    if (link_) link_->cut();
    link_.reset();
}

void ServedExchange::recycle() {
    constexpr std::size_t kKeep = 8 * 1024;
    for (std::string* text : {&headBytes_, &upstreamHead_, &relay_.headBytes, &relay_.peeked, &relay_.rewritten}) {
        if (text->capacity() > kKeep) std::string().swap(*text);
        text->clear();
    }
    std::string().swap(collected_);
    relay_.reset();
    stats_ = ExchangeStats();
    phase_ = Phase::kIdle;
    decision_ = Decision::kNone;
    deciding_ = false;
    bodyBytes_ = 0;
    bodyWaited_ = std::chrono::microseconds(0);
    bodyWaiting_ = continueSent_ = false;
    replayable_ = upgradeAsked_ = upstreamReused_ = upstreamHeadSent_ = upstreamBodySent_ = connecting_ = false;
    connectTries_ = 0;
}

void ServedExchange::attach(ClientConnection& client, std::uint64_t id) {
    client_ = &client;
    id_ = id;
    peer_.client = client.clientAddress();
    peer_.connection = client.connectionAddress();
    peer_.secure = client.secure();
    peer_.serverName = client.serverName();
    peer_.listener = client.listener().index;
    started_ = loop_.stamp();
}

HeadError ServedExchange::read(std::string_view headBytes) {
    headBytes_.assign(headBytes);
    stats_.bytesIn = headBytes.size();
    const HeadError error = parseRequest(headBytes_, loop_.parts().limits(), fields_, head_);
    if (error != HeadError::kNone) return error;
    bodyIn_.start(head_.bodyKind, head_.contentLength);
    const ListenerConfig& listener = client_->listener().config;
    if (listener.forwardedHeaders && anyContains(listener.trustedPeers, peer_.connection.ip)) {
        applyForwardedFields(head_, listener.trustedPeers, peer_);
    }
    return HeadError::kNone;
}

void ServedExchange::begin() {
    decide([this] { loop_.dispatcher().onRequest(*this); });
}

void ServedExchange::carryOut(bool mayStayHeld) {
    switch (decision_) {
        case Decision::kNone:
            if (mayStayHeld) return;
            loop_.metrics().add(Counter::kUndecided);
            replyError(500);
            return;
        case Decision::kReply:
            answer();
            return;
        case Decision::kCollect:
            phase_ = Phase::kCollecting;
            if (bodyIn_.kind() == BodyKind::kLength && bodyIn_.left() > collectLimit_) {
                refuseBody(413, Counter::kRefusedBodyTooLong);
            } else if (!client_->inTurn()) {
                loop_.wake(*client_);
            }
            return;
        case Decision::kForward:
            startForward();
            return;
        case Decision::kHold:
            phase_ = Phase::kHeld;
            client_->watch(ClientConnection::Watch::kHold);
            return;
    }
}

void ServedExchange::reply(Reply reply) {
    reply_ = std::move(reply);
    decision_ = Decision::kReply;
    if (!deciding_ && phase_ == Phase::kHeld) carryOut(true);
}

void ServedExchange::collect(std::size_t limit, std::function<void(Exchange&, std::string)> done) {
    collectLimit_ = limit;
    collectDone_ = std::move(done);
    collected_.clear();
    decision_ = Decision::kCollect;
    if (!deciding_ && phase_ == Phase::kHeld) carryOut(true);
}

ExchangeRef ServedExchange::hold() {
    if (!link_) link_ = std::make_shared<Link>(loop_.mailbox(), this);
    decision_ = Decision::kHold;
    return ExchangeRef(link_);
}

void ServedExchange::runPosted(const std::function<void(Exchange&)>& task) {
    if (phase_ != Phase::kHeld) return;
    decide([&] { task(*this); });
}

void ServedExchange::onHoldTimeout() {
    replyError(503);
}

void ServedExchange::replyError(int status) {
    reply_ = Reply::text(status, std::string(reasonPhrase(status)) + "\n");
    if (status == 503) reply_.fields.emplace_back("Retry-After", "1");
    decision_ = Decision::kReply;
    answer();
}

bool ServedExchange::clientKeeps() const noexcept {
    return head_.keepAlive && client_->keepAliveAllowed();
}

namespace {

constexpr std::string_view kOwnFields[] = {"content-length", "transfer-encoding", "connection", "date", "keep-alive"};

bool fieldAllowed(const std::pair<std::string, std::string>& field) noexcept {
    if (field.first.empty() || !allOf(field.first, kTokenChar) || !allOf(field.second, kValueChar)) return false;
    return std::none_of(std::begin(kOwnFields), std::end(kOwnFields),
                        [&](std::string_view own) { return core::equalIgnoreCase(field.first, own); });
}

bool statusWithoutBody(int status) noexcept {
    return status == 204 || status == 304;
}

}  // namespace

void ServedExchange::appendReplyHead(std::string& out, std::size_t bodySize, bool keep) {
    out.append("HTTP/1.1 ").append(std::to_string(reply_.status)).append(" ").append(reasonPhrase(reply_.status));
    out.append("\r\nDate: ").append(loop_.httpDate()).append("\r\n");
    for (const auto& field : reply_.fields) {
        if (!fieldAllowed(field)) {
            loop_.metrics().add(Counter::kReplyFieldRefused);
            continue;
        }
        out.append(field.first).append(": ").append(field.second).append("\r\n");
    }
    if (!statusWithoutBody(reply_.status)) {
        out.append("Content-Length: ").append(std::to_string(bodySize)).append("\r\n");
    }
    if (!keep) {
        out.append("Connection: close\r\n");
    } else if (!head_.http11) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append("\r\n");
}

void ServedExchange::answer() {
    if (stats_.status != 0) {
        client_->abort();
        return;
    }
    YIMEN_CHECK(reply_.status >= 200 && reply_.status <= 599);
    releaseUpstream(false);
    phase_ = Phase::kAnswering;
    client_->watch(ClientConnection::Watch::kNone);
    loop_.metrics().add(Counter::kReplies);
    keepAlive_ = dropBodyAtHand() && clientKeeps() && !reply_.close;
    const std::size_t bodySize = reply_.body ? reply_.body->size() : 0;
    const bool sendBody = bodySize > 0 && head_.method != "HEAD" && !statusWithoutBody(reply_.status);
    std::string& out = loop_.headBuffer();
    appendReplyHead(out, bodySize, keepAlive_);
    stats_.status = reply_.status;
    stats_.firstByteUs = microsSince(started_);
    stats_.bytesOut += out.size() + (sendBody ? bodySize : 0);
    bool sent = false;
    if (sendBody) {
        sent = client_->sendWithTail(out, reply_.body);
    } else {
        iovec part = toVector(out);
        sent = client_->send({&part, 1});
    }
    reply_ = Reply();
    if (sent && !client_->outputBlocked()) finish(keepAlive_);
}

void ServedExchange::onClientWritable() {
    if (phase_ == Phase::kAnswering ||
        (phase_ == Phase::kForwarding && relay_.state == ResponseRelay::State::kComplete)) {
        finish(keepAlive_);
        return;
    }
    if (phase_ == Phase::kTunnel) {
        client_->watch(ClientConnection::Watch::kTunnel);
        if (relay_.upstreamEnds) client_->transport().finishWriting();
    }
    if (upstream_ != nullptr) resumeUpstream();
}

std::uint32_t ServedExchange::microsSince(core::MonoTime start) const {
    const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(loop_.stamp() - start).count();
    return static_cast<std::uint32_t>(std::min<std::int64_t>(passed, UINT32_MAX));
}

void ServedExchange::finish(bool keepAlive) {
    const Phase phase = phase_;
    record();
    client_->exchangeEnded(keepAlive && !client_->closed(), bodyIn_.done() && phase != Phase::kTunnel);
}

/// The end, whatever it was: tells the dispatcher once and lets go of everything but the buffers.
void ServedExchange::record() {
    releaseUpstream(false);
    phase_ = Phase::kDone;
    dropLink();
    stats_.totalUs = microsSince(started_);
    if (stats_.status >= 100) {
        const auto base = static_cast<unsigned>(Counter::kResponses1xx);
        loop_.metrics().add(static_cast<Counter>(base + static_cast<unsigned>(stats_.status) / 100 - 1));
    }
    loop_.dispatcher().onEnd(*this, stats_);
    data.reset();
    group_.reset();
    forwardBody_.reset();
    cancelled_ = nullptr;
    collectDone_ = nullptr;
    filter_ = nullptr;
    relay_.rewriter.reset();
}

void ServedExchange::onClientGone() {
    if (phase_ == Phase::kDone) return;
    if (phase_ != Phase::kTunnel && !stats_.truncated) {
        stats_.clientAborted = true;
        loop_.metrics().add(Counter::kClientAborted);
    }
    if (const auto cancelled = std::exchange(cancelled_, nullptr)) cancelled();
    record();
}

}  // namespace yimen::net
