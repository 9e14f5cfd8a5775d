#include "net/client_connection.h"

#include <sys/epoll.h>

#include "net/loop_parts.h"
#include "net/proxy_header.h"
#include "net/reply.h"
#include "net/served_exchange.h"
#include "net/tls/tls_server.h"

namespace yimen::net {
namespace {

constexpr std::uint32_t kEverything = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

}  // namespace

ClientConnection::ClientConnection(LoopImpl& loop, const ListenerState& listener, FileDescriptor fd,
                                   const Address& from)
    : loop_(loop), listener_(listener), io_(std::move(fd)), client_(from), connection_(from) {
    loop_.metrics().add(Counter::kActiveConnections);
}

ClientConnection::~ClientConnection() {
    if (!closed()) close();
}

void ClientConnection::begin() {
    if (!loop_.watch(io_.fd(), *this, kEverything)) {
        close();
        return;
    }
    state_ = State::kProxyHeader;
    watch(Watch::kHandshake);
    if (!listener_.config.proxyProtocol) startSecurity();
}

bool ClientConnection::startSecurity() {
    const bool exempt = anyContains(listener_.config.trustedPeers, connection_.ip) && !listener_.config.proxyProtocol;
    if (!exempt) {
        if (!loop_.parts().shared().clients.enter(client_)) {
            loop_.metrics().add(Counter::kRefusedClientLimit);
            abort();
            return false;
        }
        counted_ = true;
    }
    const std::shared_ptr<TlsServer> tls = listener_.tls.load();
    if (!tls) {
        state_ = State::kHead;
        watch(Watch::kHead);
        return true;
    }
    io_.secure(tls->accept(io_.fd()));
    secure_ = true;
    state_ = State::kHandshake;
    if (io_.tls() == nullptr) abort();
    return !closed();
}

std::string_view ClientConnection::serverName() const noexcept {
    return io_.tls() != nullptr ? io_.tls()->serverName() : std::string_view();
}

void ClientConnection::onEvents(std::uint32_t events) {
    if (state_ == State::kExchange) {
        // In a tunnel HUP only means that both sides have said their last; what they said may still wait to be read.
        const bool hungUp = (events & EPOLLHUP) != 0 && !exchange_->inTunnel();
        if (hungUp || (events & EPOLLERR) != 0) {
            abort();
            return;
        }
    }
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) readable_ = true;
    if ((events & EPOLLRDHUP) != 0) {
        peerFinished_ = true;
        if (state_ == State::kExchange && loop_.parts().limits().abortOnHalfClose && !exchange_->inTunnel()) {
            abort();
            return;
        }
    }
    if ((events & EPOLLOUT) != 0 && out_) flush();
    advance();
}

void ClientConnection::advance() {
    if (closed()) return;
    inTurn_ = true;
    turnBytes_ = 0;
    inbox_.open();
    while (!closed() && step()) {
    }
    inTurn_ = false;
    if (closed()) return;
    inbox_.stash();
    if (turnBytes_ > loop_.parts().limits().bytesPerTurn) loop_.wake(*this);
}

bool ClientConnection::step() {
    switch (state_) {
        case State::kProxyHeader:
            return readProxyHeader();
        case State::kHandshake:
            return handshake();
        case State::kHead:
            return readHead();
        case State::kExchange:
            return exchange_->pump();
        case State::kLinger:
            return linger();
    }
    return false;
}

bool ClientConnection::budgetLeft() {
    return turnBytes_ <= loop_.parts().limits().bytesPerTurn;
}

IoResult::Kind ClientConnection::fill() {
    if (!readable_ || !budgetLeft()) return IoResult::Kind::kAgain;
    const IoResult result = inbox_.fill(io_, loop_.scratch(), LoopImpl::kScratchBytes);
    if (result.drained && !peerFinished_) readable_ = false;
    if (result.kind == IoResult::Kind::kAgain) readable_ = false;
    if (result.kind == IoResult::Kind::kBytes) {
        turnBytes_ += static_cast<std::uint32_t>(result.bytes);
        loop_.metrics().add(Counter::kBytesIn, result.bytes);
    }
    if (result.kind == IoResult::Kind::kEnd) peerFinished_ = true;
    return result.kind;
}

bool ClientConnection::readProxyHeader() {
    if (!readable_) return false;
    if (!anyContains(listener_.config.trustedPeers, connection_.ip)) {
        loop_.metrics().add(Counter::kProxyHeaderRefused);
        abort();
        return false;
    }
    const ProxyHeader header = takeProxyHeader(io_.fd());
    if (header.outcome == ProxyHeader::Outcome::kMore) {
        readable_ = false;
        return false;
    }
    if (header.outcome == ProxyHeader::Outcome::kBad) {
        loop_.metrics().add(Counter::kProxyHeaderRefused);
        abort();
        return false;
    }
    if (header.hasSource) client_ = header.source;
    secure_ = header.secure;
    return startSecurity();
}

bool ClientConnection::handshake() {
    if (!readable_) return false;
    const IoResult result = io_.tls()->handshake();
    if (result.kind == IoResult::Kind::kAgain) return false;
    if (result.kind != IoResult::Kind::kBytes) {
        loop_.metrics().add(Counter::kTlsFailed);
        close();
        return false;
    }
    loop_.metrics().add(io_.tls()->resumed() ? Counter::kTlsResumed : Counter::kTlsHandshakes);
    state_ = State::kHead;
    watch(Watch::kHead);
    return true;
}

bool ClientConnection::readHead() {
    if (inbox_.size() > 0) {
        // From the first byte on: a client that drips cannot put the deadline off.
        watch(Watch::kHead);
        const HeadScanner::Outcome outcome = scanner_.scan(inbox_.view());
        if (outcome == HeadScanner::Outcome::kComplete) return startExchange();
        if (outcome == HeadScanner::Outcome::kBad) {
            refuse(400, Counter::kRefusedHead);
            return false;
        }
        if (inbox_.size() > loop_.parts().limits().maxHeadBytes) {
            const bool inTarget = inbox_.view().find('\n') == std::string_view::npos;
            refuse(inTarget ? 414 : 431, Counter::kRefusedHeadTooLong);
            return false;
        }
    } else if (loop_.draining() && requests_ > 0) {
        close();
        return false;
    }
    switch (fill()) {
        case IoResult::Kind::kBytes:
            return true;
        case IoResult::Kind::kAgain:
            return false;
        case IoResult::Kind::kEnd:
        case IoResult::Kind::kError:
            close();
            return false;
    }
    return false;
}

bool ClientConnection::startExchange() {
    const std::size_t size = scanner_.end() - scanner_.start();
    if (size > loop_.parts().limits().maxHeadBytes) {
        refuse(431, Counter::kRefusedHeadTooLong);
        return false;
    }
    exchange_ = loop_.parts().takeExchange(*this);
    ++requests_;
    loop_.metrics().add(Counter::kRequests);
    const HeadError error = exchange_->read(inbox_.view().substr(scanner_.start(), size));
    inbox_.consume(scanner_.end());
    scanner_.reset();
    if (error != HeadError::kNone) {
        loop_.parts().giveBack(std::move(exchange_));
        const bool tooLong = error == HeadError::kFieldsTooLarge || error == HeadError::kTargetTooLong;
        refuse(statusFor(error), tooLong ? Counter::kRefusedHeadTooLong : Counter::kRefusedHead);
        return false;
    }
    state_ = State::kExchange;
    watch(Watch::kNone);
    loop_.metrics().add(Counter::kActiveExchanges);
    exchange_->begin();
    return true;
}

void ClientConnection::refuse(int status, Counter reason) {
    loop_.metrics().add(reason);
    loop_.metrics().add(Counter::kResponses4xx);
    const std::string_view phrase = reasonPhrase(status);
    std::string& out = loop_.headBuffer();
    out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(phrase);
    out.append("\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: ");
    out.append(std::to_string(phrase.size() + 1)).append("\r\n\r\n").append(phrase).append("\n");
    iovec part = toVector(out);
    if (send({&part, 1})) startLinger();
}

bool ClientConnection::send(std::span<iovec> parts) {
    if (closed()) return false;
    std::uint64_t sent = 0;
    if (!writeOrQueue(io_, out_, parts, sent)) {
        abort();
        return false;
    }
    loop_.metrics().add(Counter::kBytesOut, sent);
    if (out_) watch(Watch::kWrite, sent != 0);
    return true;
}

bool ClientConnection::sendWithTail(std::string_view head, const std::shared_ptr<const std::string>& tail) {
    if (closed()) return false;
    iovec parts[2] = {toVector(head), toVector(*tail)};
    std::size_t taken = 0;
    if (!out_) {
        const IoResult result = io_.write(parts);
        if (result.kind == IoResult::Kind::kError || result.kind == IoResult::Kind::kEnd) {
            abort();
            return false;
        }
        taken = result.bytes;
    }
    loop_.metrics().add(Counter::kBytesOut, taken);
    if (taken == head.size() + tail->size()) return true;
    if (!out_) out_ = std::make_unique<OutQueue>();
    if (taken < head.size()) out_->append(head.substr(taken));
    out_->setTail(tail, taken > head.size() ? taken - head.size() : 0);
    watch(Watch::kWrite);
    return true;
}

void ClientConnection::flush() {
    if (state_ == State::kHandshake) return;
    const OutQueue::Flush result = out_->flush(io_);
    loop_.metrics().add(Counter::kBytesOut, result.bytes);
    if (result.failed) {
        abort();
        return;
    }
    if (result.blocked) {
        if (result.bytes > 0) watch(Watch::kWrite, true);
        return;
    }
    out_.reset();
    if (watch_ == Watch::kWrite) watch(Watch::kNone);
    if (exchange_) {
        exchange_->onClientWritable();
    } else if (state_ == State::kLinger) {
        startLinger();
    }
}

}  // namespace yimen::net
