// The request's body on its way into the hub.
#include "net/client_connection.h"
#include "net/loop_parts.h"
#include "net/served_exchange.h"
#include "net/upstream_connection.h"

namespace yimen::net {

bool ServedExchange::pump() {
    switch (phase_) {
        case Phase::kCollecting:
            return pumpCollect();
        case Phase::kForwarding:
            return pumpForward();
        case Phase::kTunnel:
            return pumpTunnel();
        case Phase::kIdle:
        case Phase::kHeld:
        case Phase::kAnswering:
        case Phase::kDone:
            break;
    }
    return false;
}

bool ServedExchange::pumpCollect() {
    Inbox& inbox = client_->inbox();
    while (true) {
        if (inbox.size() > 0 && !bodyIn_.done()) {
            const BodyReader::Step step = bodyIn_.take(inbox.data(), inbox.size());
            collected_.append(inbox.data(), step.produced);
            inbox.consume(step.consumed);
            stats_.bytesIn += step.consumed;
            if (step.bad) {
                refuseBody(400, Counter::kRefusedBody);
                return true;
            }
            if (collected_.size() > collectLimit_) {
                refuseBody(413, Counter::kRefusedBodyTooLong);
                return true;
            }
        }
        if (bodyIn_.done()) break;
        if (!fillBody()) return done();
    }
    client_->watch(ClientConnection::Watch::kNone);
    const auto call = std::exchange(collectDone_, nullptr);
    decide([&] { call(*this, std::exchange(collected_, {})); });
    return true;
}

/// Reads more of the body, telling the client to send it if it waits for that. False: nothing now, or the exchange has
/// ended.
bool ServedExchange::fillBody() {
    using Watch = ClientConnection::Watch;
    sendContinue();
    if (done()) return false;
    const IoResult::Kind kind = client_->fill();
    if (kind == IoResult::Kind::kAgain) {
        if (!bodyWaiting_) bodyWaitStart_ = loop_.now();
        bodyWaiting_ = true;
        if (!client_->outputBlocked()) client_->watch(Watch::kBody);
        return false;
    }
    if (kind != IoResult::Kind::kBytes) {
        client_->abort();
        return false;
    }
    if (bodyWaiting_) {
        bodyWaiting_ = false;
        bodyWaited_ += std::chrono::duration_cast<std::chrono::microseconds>(loop_.now() - bodyWaitStart_);
    }
    bodyBytes_ += client_->inbox().size();
    if (bodyTooSlow()) {
        refuseBody(408, Counter::kTimeoutBodyRate);
        return false;
    }
    if (!client_->outputBlocked()) client_->watch(Watch::kBody, true);
    return true;
}

/// Only the time spent waiting for the client counts: a slow upstream is not the client's fault.
bool ServedExchange::bodyTooSlow() {
    const ServerLimits& limits = loop_.parts().limits();
    if (limits.minBodyRate == 0 || bodyWaited_ < limits.bodyRateGrace) return false;
    const auto seconds = static_cast<std::uint64_t>(bodyWaited_.count()) / 1000000;
    return bodyBytes_ < seconds * limits.minBodyRate;
}

void ServedExchange::sendContinue() {
    if (!head_.expectContinue || continueSent_ || stats_.status != 0 || client_->inbox().size() > 0) return;
    continueSent_ = true;
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    iovec part = toVector(kContinue);
    stats_.bytesOut += kContinue.size();
    client_->send({&part, 1});
}

/// Uses up what has been read of a body that nobody wants. True when that was all of it.
bool ServedExchange::dropBodyAtHand() {
    if (bodyIn_.done()) return true;
    Inbox& inbox = client_->inbox();
    if (!client_->inTurn()) inbox.open();
    const BodyReader::Step step = bodyIn_.take(inbox.data(), inbox.size());
    inbox.consume(step.consumed);
    stats_.bytesIn += step.consumed;
    if (!client_->inTurn()) inbox.stash();
    return !step.bad && bodyIn_.done();
}

void ServedExchange::refuseBody(int status, Counter reason) {
    loop_.metrics().add(reason);
    const bool ownWords = status == 413 && tooLong_ != nullptr && phase_ == Phase::kCollecting;
    reply_ = ownWords ? tooLong_() : Reply::text(status, std::string(reasonPhrase(status)) + "\n");
    reply_.close = true;
    answer();
}

void ServedExchange::onBodyTimeout() {
    reply_ = Reply::text(408, std::string(reasonPhrase(408)) + "\n");
    reply_.close = true;
    answer();
}

/// Sends on what has come of the body; false when the body was refused.
bool ServedExchange::forwardSome() {
    Inbox& inbox = client_->inbox();
    const BodyReader::Step step = bodyIn_.take(inbox.data(), inbox.size());
    const std::string_view body(inbox.data(), step.produced);
    inbox.consume(step.consumed);
    stats_.bytesIn += step.consumed;
    const std::uint64_t most = loop_.parts().limits().maxBodyBytes;
    const bool tooLong = most != 0 && stats_.bytesIn > most + headBytes_.size();
    if (step.bad || tooLong) {
        refuseBody(step.bad ? 400 : 413, step.bad ? Counter::kRefusedBody : Counter::kRefusedBodyTooLong);
        return false;
    }
    sendUpstream(body, bodyIn_.done());
    return true;
}

bool ServedExchange::mayForward() const {
    return !done() && upstream_ != nullptr && !bodyIn_.done() && !forwardBody_;
}

void ServedExchange::restClient() {
    if (!client_->outputBlocked()) client_->watch(ClientConnection::Watch::kNone);
}

bool ServedExchange::pumpForward() {
    if (upstream_ == nullptr || connecting_) return done();
    bool progress = false;
    while (mayForward()) {
        if (upstream_->outputBlocked() || upstream_->sendBroken()) {
            restClient();
            return progress;
        }
        if (client_->inbox().size() == 0) {
            if (!upstreamHeadSent_) sendUpstream({}, false);
            if (!fillBody()) return done() || progress;
        }
        progress = true;
        if (!forwardSome()) return true;
    }
    if (!done() && bodyIn_.done()) restClient();
    return done() || progress;
}

}  // namespace yimen::net
