#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/address.h"
#include "net/head.h"
#include "net/reply.h"
#include "net/response_filter.h"

namespace yimen::net {

class Loop;
class UpstreamGroup;
class Exchange;

/// Base of what the dispatcher keeps per exchange. Destroyed on the loop thread, after onEnd.
class ExchangeData {
public:
    virtual ~ExchangeData() = default;
};

/// Who is at the other end.
struct Peer {
    Address client;               ///< after PROXY v2 or forwarded headers, when they came from a trusted peer
    Address connection;           ///< the TCP peer itself
    bool secure = false;          ///< TLS here, or a trusted peer says https
    std::string_view serverName;  ///< TLS server name (SNI), empty without; lives as long as the connection
    std::uint32_t listener = 0;   ///< index into ServerConfig::listeners
};

/// Order to send the request on to a system.
struct Forward {
    std::shared_ptr<UpstreamGroup> upstream;
    /// Request line and field lines, each ended by CRLF, as the upstream shall see them: no blank line and none of
    /// Connection, Content-Length, Expect, Keep-Alive, TE, Trailer, Transfer-Encoding, Upgrade (checked in debug
    /// builds); net appends framing. Copied before forward() returns.
    std::string_view head;
    ResponseFilter* filter = nullptr;  ///< null: the response passes unchanged
    /// 0: pooled connections. Otherwise one upstream connection of this loop serves this key only, one request at a
    /// time (connection-bound logins such as NTLM).
    std::uint64_t pin = 0;
    /// The dispatcher vouches that a repeat is harmless even if the method is not idempotent.
    bool replayable = false;
    /// Relay an upgrade (RequestHead::upgrade): net adds Connection and Upgrade and joins both sides after 101.
    bool upgrade = false;
    /// Sent with Content-Length in place of the client's body, which must have been collected or be empty.
    std::shared_ptr<const std::string> body;
};

/// The way back into a held exchange from another thread. Copyable, any thread, may outlive everything.
class ExchangeRef {
public:
    class Link {
    public:
        virtual ~Link() = default;
        virtual void post(std::function<void(Exchange&)> task) = 0;
        virtual bool alive() const noexcept = 0;
    };

    ExchangeRef() = default;
    explicit ExchangeRef(std::shared_ptr<Link> link) : link_(std::move(link)) {}

    /// Runs `task` on the exchange's loop thread if the exchange still lives then; otherwise drops it.
    void post(std::function<void(Exchange&)> task) const {
        if (link_) link_->post(std::move(task));
    }
    /// False as soon as the client has gone or an answer is complete; true may be out of date when it is read.
    bool alive() const noexcept { return link_ && link_->alive(); }

private:
    std::shared_ptr<Link> link_;
};

/// One request and its answer. Loop thread only, valid until Dispatcher::onEnd returns.
///
/// Every call into the hub (onRequest, a collected body, a posted task, a filter) must leave a decision behind:
/// exactly one of reply, collect, forward or hold. The decision is carried out after the call has returned, so the
/// exchange stays valid for all of the call. Without a decision net answers 500 and counts `undecided`.
class Exchange {
public:
    virtual ~Exchange() = default;

    /// The request head. Its views stay valid until onEnd returns.
    virtual const RequestHead& head() const noexcept = 0;
    virtual const Peer& peer() const noexcept = 0;
    virtual Loop& loop() noexcept = 0;
    /// Unique within the process since its start; for log lines.
    virtual std::uint64_t id() const noexcept = 0;

    /// Answers from the hub. An unread request body is dropped (a long one costs the connection).
    virtual void reply(Reply reply) = 0;
    /// Reads the whole request body, then calls `done`. net answers 413 when it is longer than `limit` bytes.
    virtual void collect(std::size_t limit, std::function<void(Exchange&, std::string body)> done) = 0;
    /// What collect answers instead of its own plain 413. To be called before collect; an exchange that cannot ignores
    /// it.
    // NOLINTNEXTLINE(performance-unnecessary-value-param): one that can keeps it
    virtual void onTooLong(std::function<Reply()> answer) { static_cast<void>(answer); }
    /// Sends the request on; see Forward. May be called again from a filter (after discard) or a posted task.
    virtual void forward(Forward forward) = 0;
    /// Keeps the exchange open without a decision; the body stays unread, so the client feels back-pressure.
    /// net gives up after `holdTimeout` with 503.
    virtual ExchangeRef hold() = 0;
    /// Called once, on the loop thread, if the client goes away before the answer is complete.
    virtual void onCancel(std::function<void()> cancelled) = 0;
    /// True when the upstream connection that carried the last response had served a request before.
    virtual bool upstreamReused() const noexcept = 0;

    /// The dispatcher's own state.
    std::unique_ptr<ExchangeData> data;
};

}  // namespace yimen::net
