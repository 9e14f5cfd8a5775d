#include "net/upstream_connection.h"

#include <sys/epoll.h>

#include <algorithm>

#include "net/loop_parts.h"
#include "net/served_exchange.h"
#include "net/socket_util.h"
#include "net/tls/tls_client.h"
#include "net/upstream_pool.h"

namespace yimen::net {
namespace {

constexpr std::uint32_t kEverything = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
/// More of an unwanted answer than this costs the connection.
constexpr std::size_t kMostDrained = 64 * 1024;

}  // namespace

UpstreamConnection::UpstreamConnection(LoopImpl& loop, UpstreamPool& pool, std::shared_ptr<UpstreamGroupImpl> group)
    : loop_(loop), pool_(pool), group_(std::move(group)) {
    loop_.metrics().add(Counter::kActiveUpstream);
}

UpstreamConnection::~UpstreamConnection() = default;

bool UpstreamConnection::connect(ServedExchange& exchange, const UpstreamGroupImpl::Pick& where) {
    io_ = Transport(startConnect(where.address));
    origin_ = where.origin;
    if (!io_.open() || !loop_.watch(io_.fd(), *this, kEverything)) {
        close();
        return false;
    }
    loop_.metrics().add(Counter::kUpstreamConnects);
    exchange_ = &exchange;
    exchange.onUpstreamConnecting(*this);
    loop_.setTimer(*this, group_->config().connectTimeout);
    return true;
}

void UpstreamConnection::serve(ServedExchange& exchange) {
    if (state_ == State::kIdle) {
        loop_.metrics().subtract(Counter::kIdleUpstream);
        loop_.metrics().add(Counter::kUpstreamReuses);
    }
    state_ = State::kBusy;
    exchange_ = &exchange;
    ++served_;
    sendBroken_ = false;
    const auto total = group_->config().totalTimeout;
    totalDeadline_ = total.count() > 0 ? loop_.now() + total : core::MonoTime::max();
    armRead();
    exchange.onUpstreamReady(*this);
}

void UpstreamConnection::armRead() {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(totalDeadline_ - loop_.now());
    loop_.setTimer(*this, std::min(group_->config().readTimeout, left));
}

void UpstreamConnection::onEvents(std::uint32_t events) {
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) readable_ = true;
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) peerFinished_ = true;
    if ((events & EPOLLOUT) != 0 && out_ && state_ != State::kConnecting && state_ != State::kHandshake) {
        const OutQueue::Flush result = out_->flush(io_);
        if (result.failed) sendBroken_ = true;
        if (!result.blocked) {
            out_.reset();
            if (finishAfterFlush_) io_.finishWriting();
            if (exchange_ != nullptr) exchange_->onUpstreamWritable();
        }
    }
    if (state_ == State::kConnecting && (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) == 0) return;
    advance();
}

void UpstreamConnection::advance() {
    inbox_.open();
    bool more = state_ != State::kClosed;
    while (more) {
        switch (state_) {
            case State::kConnecting:
                more = finishConnect();
                break;
            case State::kHandshake:
                more = handshake();
                break;
            case State::kBusy:
                readAnswer();
                more = false;
                break;
            case State::kDraining:
                readDrain();
                more = false;
                break;
            case State::kIdle:
                // Nothing may come now: the system closes, or has sent more than its answer.
                if (readable_) close();
                more = false;
                break;
            case State::kClosed:
                more = false;
                break;
        }
    }
    if (state_ != State::kClosed) inbox_.stash();
}

bool UpstreamConnection::finishConnect() {
    if (connectError(io_.fd()) != 0) {
        fail(UpstreamError::kConnect);
        return false;
    }
    // The system may have spoken first, and that edge does not come again.
    readable_ = true;
    if (group_->tls() == nullptr) {
        established();
        return state_ != State::kClosed;
    }
    io_.secure(group_->tls()->connect(io_.fd(), group_->serverName(origin_)));
    if (io_.tls() == nullptr) {
        fail(UpstreamError::kTls);
        return false;
    }
    state_ = State::kHandshake;
    return true;
}

bool UpstreamConnection::handshake() {
    const IoResult result = io_.tls()->handshake();
    if (result.kind == IoResult::Kind::kAgain) return false;
    if (result.kind != IoResult::Kind::kBytes) {
        fail(UpstreamError::kTls);
        return false;
    }
    // The answer's first bytes may lie in the TLS layer already.
    readable_ = true;
    established();
    return state_ != State::kClosed;
}

void UpstreamConnection::established() {
    state_ = State::kBusy;
    serve(*exchange_);
}

void UpstreamConnection::readAnswer() {
    std::size_t budget = loop_.parts().limits().bytesPerTurn;
    while (state_ == State::kBusy && exchange_ != nullptr) {
        if (inbox_.size() > 0 && exchange_->onUpstreamData()) continue;
        if (state_ != State::kBusy || exchange_ == nullptr || !exchange_->wantsUpstreamData() || !readable_) break;
        if (budget == 0) {
            loop_.wake(*this);
            break;
        }
        if (inbox_.size() >= LoopImpl::kScratchBytes) {
            fail(UpstreamError::kBadResponse);
            break;
        }
        const IoResult result = inbox_.fill(io_, loop_.scratch(), LoopImpl::kScratchBytes);
        if (result.kind == IoResult::Kind::kAgain || (result.drained && !peerFinished_)) readable_ = false;
        if (result.kind == IoResult::Kind::kBytes) {
            budget -= std::min(budget, result.bytes);
            armRead();
        } else if (result.kind != IoResult::Kind::kAgain) {
            readable_ = false;
            exchange_->onUpstreamEnd(result.kind == IoResult::Kind::kEnd);
            break;
        }
    }
}

void UpstreamConnection::readDrain() {
    while (state_ == State::kDraining) {
        const BodyReader::Step step = drain_.take(inbox_.data(), inbox_.size());
        drained_ += step.consumed;
        inbox_.consume(step.consumed);
        if (drain_.done() && inbox_.size() == 0) {
            goIdle();
            return;
        }
        if (step.bad || drain_.done() || drained_ > kMostDrained) {
            close();
            return;
        }
        if (!readable_) return;
        const IoResult result = inbox_.fill(io_, loop_.scratch(), LoopImpl::kScratchBytes);
        if (result.kind == IoResult::Kind::kAgain || (result.drained && !peerFinished_)) readable_ = false;
        if (result.kind == IoResult::Kind::kEnd || result.kind == IoResult::Kind::kError) close();
    }
}

void UpstreamConnection::send(std::span<iovec> parts) {
    if (sendBroken_ || state_ == State::kClosed) return;
    std::uint64_t sent = 0;
    if (writeOrQueue(io_, out_, parts, sent)) return;
    // There may be an answer to read although sending fails (a refusal of a long body).
    sendBroken_ = true;
    readable_ = true;
    loop_.wake(*this);
}

void UpstreamConnection::finishWriting() {
    finishAfterFlush_ = true;
    if (!out_) io_.finishWriting();
}

void UpstreamConnection::release(bool reusable) {
    exchange_ = nullptr;
    const bool clean = !sendBroken_ && !out_ && inbox_.size() == 0 && !tunnel_ && state_ == State::kBusy;
    if (reusable && clean && !loop_.draining()) {
        goIdle();
    } else {
        close();
    }
}

void UpstreamConnection::discard(const BodyReader& rest, bool reusable) {
    const bool tooLong = rest.kind() == BodyKind::kUntilClose || rest.left() > kMostDrained;
    if (!reusable || tooLong || sendBroken_ || out_) {
        release(false);
        return;
    }
    exchange_ = nullptr;
    if (rest.done()) {
        release(true);
        return;
    }
    drain_ = rest;
    drained_ = 0;
    state_ = State::kDraining;
    armRead();
    // A short answer has come with its head: then the connection can serve the very next request.
    readable_ = true;
    readDrain();
}

void UpstreamConnection::failedByPeer() {
    exchange_ = nullptr;
    // A kept connection that ends between two requests says nothing about the system's health.
    if (!reused() && group_->failed(origin_)) loop_.metrics().add(Counter::kUpstreamEjections);
    close();
}

void UpstreamConnection::becomeTunnel() {
    tunnel_ = true;
    loop_.clearTimer(*this);
}

void UpstreamConnection::goIdle() {
    group_->succeeded(origin_);
    state_ = State::kIdle;
    loop_.metrics().add(Counter::kIdleUpstream);
    auto timeout = group_->config().idleTimeout;
    // One second early, so that the system is not the one that closes (RFC 9112 section 9.3.1 names the race).
    if (idleHint_.count() > 0) {
        timeout = std::min<std::chrono::milliseconds>(
            timeout, std::max(idleHint_ - std::chrono::seconds(1), std::chrono::seconds(1)));
    }
    loop_.setTimer(*this, timeout);
    pool_.takeIdle(*this);
}

void UpstreamConnection::onTimer() {
    switch (state_) {
        case State::kConnecting:
        case State::kHandshake:
            fail(UpstreamError::kConnectTimeout);
            break;
        case State::kBusy:
            if (tunnel_) break;
            if (loop_.now() >= totalDeadline_) {
                fail(UpstreamError::kTotalTimeout);
            } else if (exchange_ != nullptr && !exchange_->waitsForUpstream()) {
                armRead();  // it is the client that is slow
            } else {
                fail(UpstreamError::kReadTimeout);
            }
            break;
        case State::kDraining:
        case State::kIdle:
            close();
            break;
        case State::kClosed:
            break;
    }
}

void UpstreamConnection::onDrain() {
    if (state_ == State::kIdle) close();
}

/// This connection is of no use any more; its exchange hears of it after it is gone.
void UpstreamConnection::fail(UpstreamError error) {
    ServedExchange* const exchange = std::exchange(exchange_, nullptr);
    if (group_->failed(origin_)) loop_.metrics().add(Counter::kUpstreamEjections);
    close();
    if (exchange != nullptr) exchange->onUpstreamFailed(error);
}

void UpstreamConnection::close() {
    if (state_ == State::kClosed) return;
    loop_.metrics().subtract(Counter::kActiveUpstream);
    if (state_ == State::kIdle) loop_.metrics().subtract(Counter::kIdleUpstream);
    state_ = State::kClosed;
    pool_.forget(*this);
    out_.reset();
    io_.close();
    loop_.retire(*this);
}

}  // namespace yimen::net
