#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "net/dispatcher.h"
#include "net/server.h"
#include "net/upstream.h"
#include "raw_socket.h"

namespace yimen::test {

/// Writes the request line and every field that may be forwarded: the dispatcher that trusts the parser.
std::string forwardHead(const net::RequestHead& head);

/// A dispatcher whose behaviour a test puts in as functions.
class TestDispatcher final : public net::Dispatcher {
public:
    std::function<void(net::Exchange&)> handle;

    void onRequest(net::Exchange& exchange) override { handle(exchange); }
    void onEnd(net::Exchange& exchange, const net::ExchangeStats& stats) override;
    void onLoopStart(net::Loop&) override {}
    void onLoopTurn(net::Loop&) override {}
    void onLoopStop(net::Loop&) override {}

    std::vector<net::ExchangeStats> ended();
    /// Waits until so many exchanges have ended.
    bool waitEnded(std::size_t count);

private:
    std::mutex mutex_;
    std::vector<net::ExchangeStats> ended_;
};

/// A running server with one plain listener on a free port.
class TestServer {
public:
    explicit TestServer(net::ServerConfig config = {});
    ~TestServer();

    TestDispatcher& dispatcher() { return dispatcher_; }
    net::Server& server() { return *server_; }
    std::uint16_t port() const { return server_->port(); }
    RawSocket client() const { return RawSocket::connectTo(port()); }
    std::uint64_t metric(net::Counter counter) const { return server_->metrics()[static_cast<std::size_t>(counter)]; }
    /// Waits until the counter has that value at least.
    bool waitMetric(net::Counter counter, std::uint64_t value) const;

    /// Every request goes to this upstream.
    void forwardTo(net::UpstreamConfig config, net::ResponseFilter* filter = nullptr);
    void forwardTo(std::uint16_t port, net::ResponseFilter* filter = nullptr);
    const std::shared_ptr<net::UpstreamGroup>& upstream() const { return upstream_; }

private:
    core::SystemClock clock_;
    core::SystemRandom random_;
    TestDispatcher dispatcher_;
    std::shared_ptr<net::UpstreamGroup> upstream_;
    std::unique_ptr<net::Server> server_;
};

/// A held exchange that a loop thread puts in and the test takes out.
class HeldExchange {
public:
    void put(net::ExchangeRef ref) {
        const std::lock_guard lock(mutex_);
        ref_ = std::move(ref);
    }
    net::ExchangeRef get() {
        const std::lock_guard lock(mutex_);
        return ref_;
    }

private:
    std::mutex mutex_;
    net::ExchangeRef ref_;
};

/// Waits up to five seconds for `condition`.
bool eventually(const std::function<bool()>& condition);

}  // namespace yimen::test
