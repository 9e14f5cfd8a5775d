#pragma once

#include <cstdint>

#include "net/exchange.h"

namespace yimen::net {

/// How an exchange ended.
struct ExchangeStats {
    int status = 0;                 ///< what the client was sent; 0 when it got no head; 101 for an upgrade
    std::uint64_t bytesIn = 0;      ///< request bytes read: head and body as on the wire (tunnel bytes included)
    std::uint64_t bytesOut = 0;     ///< response bytes handed to the kernel or TLS
    std::uint32_t totalUs = 0;      ///< first byte of the request read until the last byte of the answer sent
    std::uint32_t upstreamUs = 0;   ///< request handed to the upstream until the end of its answer; 0 without
    std::uint32_t firstByteUs = 0;  ///< request read until the first byte of the answer sent
    UpstreamError upstreamError = UpstreamError::kNone;
    bool upstreamRetried = false;
    bool clientAborted = false;  ///< the client went away, or was cut off by a limit, before the end
    bool truncated = false;      ///< the upstream's body ended early and the client connection was aborted
};

/// What stands behind the listeners: the gateway and the hub host. Called on loop threads, several at a time, each
/// exchange always on the same one. Must not block and must not throw.
class Dispatcher {
public:
    virtual ~Dispatcher() = default;
    /// A complete and valid request head is there. Must decide: see Exchange.
    virtual void onRequest(Exchange& exchange) = 0;
    /// Once per onRequest, after the last byte was sent or the exchange was abandoned. For the access log.
    virtual void onEnd(Exchange& exchange, const ExchangeStats& stats) = 0;
    /// First call on each loop thread; the place to fill Loop::slot().
    virtual void onLoopStart(Loop& loop) = 0;
    /// At the end of each turn of the loop (after a batch of events, at least every second): swap snapshots, flush
    /// the log buffer.
    virtual void onLoopTurn(Loop& loop) = 0;
    /// Last call on each loop thread, after all exchanges have ended.
    virtual void onLoopStop(Loop& loop) = 0;
};

}  // namespace yimen::net
