#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/head.h"

namespace yimen::net {

class Exchange;

/// Why a forwarded request got no usable answer.
enum class UpstreamError {
    kNone,
    kUnavailable,     ///< every origin is ejected by its health, or its name has no address
    kQueueFull,       ///< max connections are busy and the waiting line is full
    kConnectTimeout,  ///< no free connection, or no TCP/TLS connection, within connectTimeout
    kConnect,         ///< refused or unreachable
    kTls,             ///< handshake or certificate refused
    kReset,           ///< closed or reset before a complete response head
    kReadTimeout,     ///< nothing came for readTimeout
    kTotalTimeout,    ///< totalTimeout passed
    kBadResponse      ///< a response the strict parser refuses
};

/// Stable lower-case word for logs and metrics.
std::string_view toString(UpstreamError error) noexcept;
/// 502, 503 or 504.
int statusFor(UpstreamError error) noexcept;

/// Changes a body while it streams. Owned by net once returned in a FilterDecision; loop thread only.
/// net sends what comes out with chunked framing (HTTP/1.0 clients: until close).
class BodyRewriter {
public:
    virtual ~BodyRewriter() = default;
    /// Appends to `out`; may hold back a bounded tail of `in` for the next call.
    virtual void write(std::string_view in, std::string& out) = 0;
    virtual void finish(std::string& out) = 0;
};

/// What to do with the response just seen.
struct FilterDecision {
    enum class Action { kSend, kPeek, kDiscard };

    Action action = Action::kSend;
    std::size_t peekLimit = 0;
    std::unique_ptr<BodyRewriter> rewriter;

    /// Send the head in `out` and stream the body, through `rewriter` if there is one.
    static FilterDecision send(std::unique_ptr<BodyRewriter> rewriter = nullptr) {
        return {Action::kSend, 0, std::move(rewriter)};
    }
    /// Buffer up to `limit` bytes of the body (unchunked, but not content-decoded), then call onBodyPrefix.
    static FilterDecision peek(std::size_t limit) { return {Action::kPeek, limit, nullptr}; }
    /// Nothing of this response goes to the client. The filter has called reply, forward or hold on the exchange.
    static FilterDecision discard() { return {Action::kDiscard, 0, nullptr}; }
};

/// Sees every final response (status >= 200, or 101) of a forwarded request before the client does.
/// Owned by the dispatcher, must live until onEnd of its exchange; loop thread only; must not block.
/// `out` receives "HTTP/1.1 200 OK\r\n" and "Name: value\r\n" lines, without framing fields, Connection, Keep-Alive,
/// Upgrade and without the blank line: net appends those.
class ResponseFilter {
public:
    virtual ~ResponseFilter() = default;
    virtual FilterDecision onResponse(Exchange& exchange, const ResponseHead& head, std::string& out) = 0;
    /// After peek: `prefix` is the start of the body, `complete` says that it is all of it. `out` is empty again.
    /// Must not answer peek. The default writes the head as it came (appendHead).
    virtual FilterDecision onBodyPrefix(Exchange& exchange, const ResponseHead& head, std::string_view prefix,
                                        bool complete, std::string& out);
    /// No response can be had; nothing was sent to the client. Must decide (reply, forward, hold).
    /// The default replies statusFor(error).
    virtual void onUpstreamError(Exchange& exchange, UpstreamError error);
};

/// Writes the status line and all fields that are not hop-by-hop: the filter that changes nothing.
void appendHead(const ResponseHead& head, std::string& out);

}  // namespace yimen::net
