// The ends of a client connection: time limits, keep-alive, lingering, closing.
#include "net/client_connection.h"
#include "net/loop_parts.h"
#include "net/served_exchange.h"

namespace yimen::net {

void ClientConnection::watch(Watch watch, bool restart) {
    if (watch == watch_ && !restart) return;
    watch_ = watch;
    const ServerLimits& limits = loop_.parts().limits();
    switch (watch) {
        case Watch::kNone:
            loop_.clearTimer(*this);
            break;
        case Watch::kHandshake:
            loop_.setTimer(*this, limits.handshakeTimeout);
            break;
        case Watch::kHead:
            loop_.setTimer(*this, limits.headTimeout);
            break;
        case Watch::kIdle:
            loop_.setTimer(*this, limits.keepAliveTimeout);
            break;
        case Watch::kBody:
            loop_.setTimer(*this, limits.bodyTimeout);
            break;
        case Watch::kWrite:
            loop_.setTimer(*this, limits.writeTimeout);
            break;
        case Watch::kHold:
            loop_.setTimer(*this, limits.holdTimeout);
            break;
        case Watch::kTunnel:
            loop_.setTimer(*this, limits.tunnelTimeout);
            break;
        case Watch::kLinger:
            loop_.setTimer(*this, limits.lingerTimeout);
            break;
    }
}

void ClientConnection::onTimer() {
    LoopMetrics& metrics = loop_.metrics();
    const Watch fired = watch_;
    watch_ = Watch::kNone;
    switch (fired) {
        case Watch::kNone:
            break;
        case Watch::kHandshake:
            metrics.add(Counter::kTimeoutHandshake);
            abort();
            break;
        case Watch::kHead:
            metrics.add(Counter::kTimeoutHead);
            inbox_.clear();
            refuse(408, Counter::kRefusedHead);
            break;
        case Watch::kIdle:
            metrics.add(Counter::kTimeoutIdle);
            close();
            break;
        case Watch::kBody:
            metrics.add(Counter::kTimeoutBody);
            exchange_->onBodyTimeout();
            break;
        case Watch::kWrite:
            metrics.add(Counter::kTimeoutWrite);
            abort();
            break;
        case Watch::kHold:
            metrics.add(Counter::kTimeoutHold);
            exchange_->onHoldTimeout();
            break;
        case Watch::kTunnel:
            abort();
            break;
        case Watch::kLinger:
            close();
            break;
    }
}

bool ClientConnection::keepAliveAllowed() const noexcept {
    return !loop_.draining() && requests_ < loop_.parts().limits().maxRequestsPerConnection;
}

void ClientConnection::exchangeEnded(bool keepAlive, bool bodyRead) {
    loop_.metrics().subtract(Counter::kActiveExchanges);
    loop_.parts().giveBack(std::move(exchange_));
    if (closed()) return;
    if (!keepAlive) {
        // With nothing unread there is no RST to fear.
        if (bodyRead && !readable_ && inbox_.size() == 0 && !inbox_.saved()) {
            close();
        } else {
            startLinger();
        }
        return;
    }
    state_ = State::kHead;
    watch(Watch::kIdle, true);
    // The next request may be here already; in our own turn the caller's loop takes it.
    if (!inTurn_) loop_.wake(*this);
}

/// An answer that goes out before the request was read could be destroyed by the RST that closing with unread bytes
/// causes (RFC 9112 section 9.6): send FIN, read on for a while, then close.
void ClientConnection::startLinger() {
    state_ = State::kLinger;
    if (out_) {
        watch(Watch::kWrite);
        return;
    }
    io_.finishWriting();
    watch(Watch::kLinger);
    readable_ = true;
    loop_.wake(*this);
}

bool ClientConnection::linger() {
    if (out_) return false;
    inbox_.clear();
    inbox_.open();
    const IoResult::Kind kind = fill();
    if (kind == IoResult::Kind::kEnd || kind == IoResult::Kind::kError) close();
    return kind == IoResult::Kind::kBytes;
}

void ClientConnection::onDrain() {
    if (state_ == State::kExchange || state_ == State::kLinger) return;
    // A request that is arriving is still served; a connection without one is closed.
    if (state_ == State::kHead && watch_ == Watch::kHead && requests_ > 0) return;
    if (state_ == State::kHead && inbox_.saved()) return;
    close();
}

void ClientConnection::close() {
    if (closed()) return;
    leave();
    io_.close();
    loop_.retire(*this);
}

void ClientConnection::abort() {
    if (closed()) return;
    leave();
    io_.abort();
    loop_.retire(*this);
}

/// The part of closing that must happen once and before the descriptor is gone.
void ClientConnection::leave() {
    loop_.metrics().subtract(Counter::kActiveConnections);
    ServerShared& shared = loop_.parts().shared();
    shared.connections.fetch_sub(1, std::memory_order_relaxed);
    if (counted_) shared.clients.leave(client_);
    counted_ = false;
    if (exchange_) {
        std::unique_ptr<ServedExchange> exchange = std::move(exchange_);
        exchange->onClientGone();
        loop_.metrics().subtract(Counter::kActiveExchanges);
        loop_.parts().giveBack(std::move(exchange));
    }
    out_.reset();
}

}  // namespace yimen::net
