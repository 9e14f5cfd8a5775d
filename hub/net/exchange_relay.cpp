// The way back: the upstream's answer through the filter to the client.
#include <charconv>

#include "core/ascii.h"
#include "net/client_connection.h"
#include "net/loop_parts.h"
#include "net/served_exchange.h"
#include "net/upstream_connection.h"

namespace yimen::net {
namespace {

/// A system that sends more interim answers than this is playing for time: each one would start readTimeout anew.
constexpr unsigned kMostInterims = 16;

/// "timeout=5" of a Keep-Alive field; 0 when it says nothing.
std::chrono::seconds idleHint(const ResponseHead& head) {
    const Field* const field = head.find(FieldId::kKeepAlive);
    if (field == nullptr) return std::chrono::seconds(0);
    const std::size_t at = field->value.find("timeout=");
    if (at == std::string_view::npos) return std::chrono::seconds(0);
    unsigned seconds = 0;
    const char* const begin = field->value.data() + at + 8;
    std::from_chars(begin, field->value.data() + field->value.size(), seconds);
    return std::chrono::seconds(seconds);
}

}  // namespace

bool ServedExchange::wantsUpstreamData() const noexcept {
    if (client_->outputBlocked() || connecting_) return false;
    if (phase_ == Phase::kTunnel) return !relay_.upstreamEnds;
    return phase_ == Phase::kForwarding && relay_.state != ResponseRelay::State::kComplete;
}

bool ServedExchange::onUpstreamData() {
    if (!wantsUpstreamData()) return false;
    if (phase_ == Phase::kTunnel) return relayTunnel();
    switch (relay_.state) {
        case ResponseRelay::State::kHead:
            return relayHead();
        case ResponseRelay::State::kPeek:
            return relayPeek();
        case ResponseRelay::State::kBody:
            relayBody({});
            return true;
        case ResponseRelay::State::kComplete:
            break;
    }
    return false;
}

bool ServedExchange::relayHead() {
    relay_.anyByte = true;
    Inbox& inbox = upstream_->inbox();
    const HeadScanner::Outcome outcome = relay_.scanner.scan(inbox.view());
    const std::size_t most = group_->config().maxResponseHeadBytes;
    const bool tooLong = (outcome == HeadScanner::Outcome::kMore ? inbox.size() : relay_.scanner.end()) > most;
    if (outcome == HeadScanner::Outcome::kBad || tooLong) {
        badResponse();
        return true;
    }
    if (outcome == HeadScanner::Outcome::kMore) return false;
    const std::size_t end = relay_.scanner.end();
    const ResponseContext context{head_.method == "HEAD", upgradeAsked_};
    const bool valid =
        relay_.scanner.start() == 0 && parseResponse(inbox.view().substr(0, end), context, relay_.fields, relay_.head);
    relay_.scanner.reset();
    if (!valid) {
        badResponse();
        return true;
    }
    if (relay_.head.status < 200 && !relay_.head.upgrade) {
        if (++relay_.interims > kMostInterims) {
            badResponse();
            return true;
        }
        relayInterim();
        if (!done()) inbox.consume(end);
        return true;
    }
    return relayFinalHead(end);
}

bool ServedExchange::relayFinalHead(std::size_t end) {
    Inbox& inbox = upstream_->inbox();
    relay_.body.start(relay_.head.bodyKind, relay_.head.contentLength);
    if (const auto hint = idleHint(relay_.head); hint.count() > 0) upstream_->hintIdle(hint);
    const std::string_view bytes = inbox.view().substr(0, end);
    inbox.consume(end);  // the bytes stay where they are until the next read
    std::string& out = loop_.headBuffer();
    if (filter_ == nullptr) {
        appendHead(relay_.head, out);
        applyDecision(FilterDecision::send(), out);
        return true;
    }
    decision_ = Decision::kNone;
    deciding_ = true;
    FilterDecision decision = filter_->onResponse(*this, relay_.head, out);
    deciding_ = false;
    if (decision.action == FilterDecision::Action::kPeek && !relay_.head.upgrade) {
        relay_.headBytes.assign(bytes);
        relay_.peeked.clear();
        relay_.peekLimit = decision.peekLimit;
        relay_.state = ResponseRelay::State::kPeek;
        if (relay_.body.done()) decidePeeked(true);
        return true;
    }
    applyDecision(std::move(decision), out);
    return true;
}

/// 103 tells the browser what to load; only its Link fields pass, because the filter does not see interim answers.
/// 100 is net's own business, 102 tells nothing.
void ServedExchange::relayInterim() {
    if (relay_.head.status != 103 || !head_.http11) return;
    std::string& out = loop_.headBuffer();
    out.append("HTTP/1.1 103 Early Hints\r\n");
    const std::size_t empty = out.size();
    for (const Field& field : relay_.fields) {
        if (core::equalIgnoreCase(field.name, "Link")) out.append("Link: ").append(field.value).append("\r\n");
    }
    if (out.size() == empty) return;
    out.append("\r\n");
    iovec part = toVector(out);
    stats_.bytesOut += out.size();
    client_->send({&part, 1});
}

bool ServedExchange::relayPeek() {
    Inbox& inbox = upstream_->inbox();
    const std::size_t room = relay_.peekLimit - relay_.peeked.size();
    const BodyReader::Step step =
        relay_.body.take(inbox.data(), std::min(inbox.size(), std::max<std::size_t>(room, 1)));
    relay_.peeked.append(inbox.data(), step.produced);
    inbox.consume(step.consumed);
    if (step.bad) {
        badResponse();
    } else if (relay_.body.done() || relay_.peeked.size() >= relay_.peekLimit) {
        decidePeeked(relay_.body.done());
    }
    return step.consumed > 0;
}

void ServedExchange::decidePeeked(bool complete) {
    // The first parse looked at memory that has been read over since.
    const ResponseContext context{head_.method == "HEAD", upgradeAsked_};
    parseResponse(relay_.headBytes, context, relay_.fields, relay_.head);
    std::string& out = loop_.headBuffer();
    decision_ = Decision::kNone;
    deciding_ = true;
    FilterDecision decision = filter_->onBodyPrefix(*this, relay_.head, relay_.peeked, complete, out);
    deciding_ = false;
    if (decision.action == FilterDecision::Action::kPeek) {
        loop_.metrics().add(Counter::kUndecided);
        decision = FilterDecision::discard();
    }
    applyDecision(std::move(decision), out);
}

void ServedExchange::applyDecision(FilterDecision decision, std::string& out) {
    if (decision.action != FilterDecision::Action::kSend) {
        if (UpstreamConnection* const upstream = std::exchange(upstream_, nullptr)) {
            upstream->discard(relay_.body, relay_.head.keepAlive && (bodyIn_.done() || forwardBody_));
        }
        stats_.upstreamUs = microsSince(forwarded_);
        carryOut(false);
        return;
    }
    relay_.rewriter = std::move(decision.rewriter);
    const bool fromPeek = relay_.state == ResponseRelay::State::kPeek;
    relay_.state = ResponseRelay::State::kBody;
    if (relay_.head.upgrade) {
        startTunnel(out);
        return;
    }
    appendResponseFraming(out);
    if (fromPeek) {
        const std::string prefix = std::exchange(relay_.peeked, {});
        deliver(out, prefix, relay_.body.done());
    } else {
        relayBody(out);
    }
}

void ServedExchange::appendResponseFraming(std::string& out) {
    using Framing = ResponseRelay::Framing;
    const ResponseHead& head = relay_.head;
    keepAlive_ = clientKeeps() && bodyIn_.done();
    if (head.bodyKind == BodyKind::kNone) {
        relay_.framing = Framing::kNone;
        const bool says = head.hasContentLength && head.status != 204 && !relay_.rewriter;
        if (says) out.append("Content-Length: ").append(std::to_string(head.contentLength)).append("\r\n");
        relay_.rewriter.reset();
    } else if (head.bodyKind == BodyKind::kLength && !relay_.rewriter) {
        relay_.framing = Framing::kLength;
        out.append("Content-Length: ").append(std::to_string(head.contentLength)).append("\r\n");
    } else if (head_.http11) {
        relay_.framing = Framing::kChunked;
        out.append("Transfer-Encoding: chunked\r\n");
    } else {
        relay_.framing = Framing::kUntilClose;
        keepAlive_ = false;
    }
    if (!keepAlive_) {
        out.append("Connection: close\r\n");
    } else if (!head_.http11) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append("\r\n");
}

void ServedExchange::relayBody(std::string_view head) {
    Inbox& inbox = upstream_->inbox();
    const BodyReader::Step step = relay_.body.take(inbox.data(), inbox.size());
    const std::string_view body(inbox.data(), step.produced);
    inbox.consume(step.consumed);
    if (step.bad) {
        badResponse();
        return;
    }
    deliver(head, body, relay_.body.done());
}

void ServedExchange::deliver(std::string_view head, std::string_view body, bool last) {
    if (relay_.rewriter) {
        relay_.rewritten.clear();
        if (!body.empty()) relay_.rewriter->write(body, relay_.rewritten);
        if (last) relay_.rewriter->finish(relay_.rewritten);
        body = relay_.rewritten;
    }
    iovec parts[5];
    std::size_t count = 0;
    char size[20];
    const bool chunked = relay_.framing == ResponseRelay::Framing::kChunked;
    if (!head.empty()) {
        parts[count++] = toVector(head);
        stats_.status = relay_.head.status;
        stats_.firstByteUs = microsSince(started_);
    }
    if (!body.empty()) {
        if (chunked) parts[count++] = toVector({size, writeChunkSize(body.size(), size)});
        parts[count++] = toVector(body);
        if (chunked) parts[count++] = toVector("\r\n");
    }
    if (chunked && last) parts[count++] = toVector(kLastChunk);
    for (std::size_t i = 0; i < count; ++i) stats_.bytesOut += parts[i].iov_len;
    if (count > 0 && !client_->send({parts, count})) return;
    if (last) responseComplete();
}

void ServedExchange::responseComplete() {
    relay_.state = ResponseRelay::State::kComplete;
    stats_.upstreamUs = microsSince(forwarded_);
    const bool sent = requestSent();
    releaseUpstream(relay_.head.keepAlive && sent);
    if (!client_->outputBlocked()) finish(keepAlive_);
}

void ServedExchange::onUpstreamEnd(bool clean) {
    if (phase_ == Phase::kTunnel) {
        relay_.upstreamEnds = true;
        if (relay_.clientEnds || !clean) {
            finish(false);
        } else if (!client_->outputBlocked()) {
            client_->transport().finishWriting();
        }
        return;
    }
    const bool ended = clean && relay_.state != ResponseRelay::State::kHead && relay_.body.endOnClose();
    if (!ended) {
        UpstreamConnection* const upstream = std::exchange(upstream_, nullptr);
        if (upstream != nullptr) upstream->failedByPeer();
        onUpstreamFailed(UpstreamError::kReset);
    } else if (relay_.state == ResponseRelay::State::kPeek) {
        decidePeeked(true);
    } else {
        deliver({}, {}, true);
    }
}

/// What the client has is not all there was: it must not take it for complete, so its connection is reset.
void ServedExchange::truncated() {
    stats_.truncated = true;
    loop_.metrics().add(Counter::kUpstreamTruncated);
    client_->abort();
}

void ServedExchange::badResponse() {
    loop_.metrics().add(Counter::kUpstreamBadResponse);
    failForward(UpstreamError::kBadResponse);
}

}  // namespace yimen::net
