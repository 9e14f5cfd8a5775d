// The way from an exchange to its upstream: connection, request framing, retry, failure.
#include <algorithm>

#include "core/ascii.h"
#include "core/check.h"
#include "net/client_connection.h"
#include "net/loop_parts.h"
#include "net/served_exchange.h"
#include "net/upstream_connection.h"
#include "net/upstream_pool.h"

namespace yimen::net {
namespace {

bool idempotent(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "PUT" || method == "DELETE";
}

#ifndef NDEBUG
/// The dispatcher must leave framing to net; a second opinion on it is a smuggling hole.
void checkForwardHead(std::string_view head) {
    YIMEN_CHECK(head.ends_with("\r\n"));
    for (std::size_t at = head.find("\r\n") + 2; at < head.size(); at = head.find("\r\n", at) + 2) {
        const std::string_view line = head.substr(at, head.find("\r\n", at) - at);
        const std::size_t colon = line.find(':');
        YIMEN_CHECK(colon != std::string_view::npos);
        YIMEN_CHECK(line.find_first_of("\r\n") == std::string_view::npos);
        for (const char* name : {"Connection", "Content-Length", "Transfer-Encoding", "Expect", "TE", "Trailer",
                                 "Keep-Alive", "Upgrade"}) {
            YIMEN_CHECK(!core::equalIgnoreCase(line.substr(0, colon), name));
        }
    }
}
#endif

}  // namespace

void ServedExchange::forward(Forward forward) {
#ifndef NDEBUG
    checkForwardHead(forward.head);
#endif
    group_ = std::move(forward.upstream);
    filter_ = forward.filter;
    pin_ = forward.pin;
    replayable_ = forward.replayable;
    upgradeAsked_ = forward.upgrade && head_.upgrade;
    forwardBody_ = std::move(forward.body);
    upstreamHead_.assign(forward.head);
    decision_ = Decision::kForward;
    if (!deciding_ && phase_ == Phase::kHeld) carryOut(true);
}

void ServedExchange::writeUpstreamFraming() {
    if (forwardBody_) {
        upstreamHead_.append("Content-Length: ").append(std::to_string(forwardBody_->size())).append("\r\n");
    } else if (head_.bodyKind == BodyKind::kLength) {
        upstreamHead_.append("Content-Length: ").append(std::to_string(head_.contentLength)).append("\r\n");
    } else if (head_.bodyKind == BodyKind::kChunked) {
        upstreamHead_.append("Transfer-Encoding: chunked\r\n");
    } else if (head_.method == "POST") {
        // Without it some servers answer 411 (RFC 9110 section 8.6).
        upstreamHead_.append("Content-Length: 0\r\n");
    }
    if (upgradeAsked_) {
        const Field* const wanted = head_.find(FieldId::kUpgrade);
        upstreamHead_.append("Connection: Upgrade\r\nUpgrade: ").append(wanted->value).append("\r\n");
    }
    upstreamHead_.append("\r\n");
}

void ServedExchange::startForward() {
    YIMEN_CHECK(group_ != nullptr && phase_ != Phase::kDone);
    client_->watch(ClientConnection::Watch::kNone);
    phase_ = Phase::kForwarding;
    relay_.reset();
    stats_.upstreamRetried = false;
    connectTries_ = 0;
    const bool bodyGone = head_.hasBody() && stats_.bytesIn > headBytes_.size();
    if (bodyGone && !forwardBody_) {
        // The body went to the first attempt and was not kept: nothing honest can be sent.
        failForward(UpstreamError::kReset);
        return;
    }
    const std::uint64_t most = loop_.parts().limits().maxBodyBytes;
    if (most != 0 && head_.contentLength > most) {
        refuseBody(413, Counter::kRefusedBodyTooLong);
        return;
    }
    writeUpstreamFraming();
    loop_.metrics().add(Counter::kForwards);
    forwarded_ = loop_.stamp();
    connectUpstream(false);
}

void ServedExchange::connectUpstream(bool fresh) {
    upstreamHeadSent_ = upstreamBodySent_ = false;
    connecting_ = true;
    ++connectTries_;
    auto group = std::static_pointer_cast<UpstreamGroupImpl>(group_);
    loop_.parts().upstreams().request(*this, group, fresh);
}

void ServedExchange::onUpstreamConnecting(UpstreamConnection& upstream) {
    upstream_ = &upstream;
    connecting_ = true;
}

void ServedExchange::onUpstreamReady(UpstreamConnection& upstream) {
    upstream_ = &upstream;
    connecting_ = false;
    upstreamReused_ = upstream.reused();
    if (forwardBody_) {
        sendUpstream(*forwardBody_, true);
    } else if (bodyIn_.done()) {
        sendUpstream({}, true);
    } else if (!client_->inTurn()) {
        loop_.wake(*client_);
    }
}

void ServedExchange::sendUpstream(std::string_view body, bool last) {
    iovec parts[5];
    std::size_t count = 0;
    char size[20];
    if (!upstreamHeadSent_) parts[count++] = toVector(upstreamHead_);
    const bool chunked = head_.bodyKind == BodyKind::kChunked && !forwardBody_;
    if (!body.empty()) {
        upstreamBodySent_ = true;
        if (chunked) parts[count++] = toVector({size, writeChunkSize(body.size(), size)});
        parts[count++] = toVector(body);
        if (chunked) parts[count++] = toVector("\r\n");
    }
    if (chunked && last) parts[count++] = toVector(kLastChunk);
    upstreamHeadSent_ = true;
    if (count > 0) upstream_->send({parts, count});
}

bool ServedExchange::requestSent() const noexcept {
    return upstreamHeadSent_ && (bodyIn_.done() || forwardBody_) && upstream_ != nullptr && !upstream_->outputBlocked();
}

bool ServedExchange::waitsForUpstream() const noexcept {
    return phase_ == Phase::kForwarding && requestSent() && !client_->outputBlocked();
}

void ServedExchange::onUpstreamWritable() {
    if (!bodyIn_.done() || phase_ == Phase::kTunnel) loop_.wake(*client_);
}

void ServedExchange::resumeUpstream() {
    loop_.wake(*upstream_);
}

void ServedExchange::releaseUpstream(bool reusable) {
    if (connecting_ && group_ != nullptr) {
        loop_.parts().upstreams().cancel(*this, static_cast<const UpstreamGroupImpl&>(*group_));
    }
    connecting_ = false;
    if (UpstreamConnection* const upstream = std::exchange(upstream_, nullptr)) upstream->release(reusable);
}

/// A connection that could not be had may be had elsewhere: nothing was sent. A reused connection that ends before
/// any byte of the answer was most likely being closed by the system as we wrote (RFC 9112 section 9.3.1), so the
/// request is repeated once, if repeating it cannot do harm.
bool ServedExchange::mayRetry(UpstreamError error) const noexcept {
    if (relay_.anyByte || client_->closed()) return false;
    if (error == UpstreamError::kConnect || error == UpstreamError::kTls) {
        return connectTries_ < group_->config().origins.size();
    }
    if (error != UpstreamError::kReset || !upstreamReused_ || stats_.upstreamRetried) return false;
    if (upstreamBodySent_ && !forwardBody_) return false;
    return idempotent(head_.method) || replayable_ || (head_.hasBody() && !upstreamBodySent_);
}

void ServedExchange::onUpstreamFailed(UpstreamError error) {
    upstream_ = nullptr;
    connecting_ = false;
    if (phase_ == Phase::kDone) return;
    if (mayRetry(error)) {
        if (error == UpstreamError::kReset) {
            stats_.upstreamRetried = true;
            loop_.metrics().add(Counter::kUpstreamRetries);
        }
        connectUpstream(true);
        return;
    }
    failForward(error);
}

void ServedExchange::failForward(UpstreamError error) {
    releaseUpstream(false);
    stats_.upstreamError = error;
    stats_.upstreamUs = microsSince(forwarded_);
    loop_.metrics().add(Counter::kUpstreamErrors);
    if (stats_.status != 0) {
        truncated();
    } else if (filter_ != nullptr) {
        decide([&] { filter_->onUpstreamError(*this, error); });
    } else {
        replyError(statusFor(error));
    }
}

}  // namespace yimen::net
