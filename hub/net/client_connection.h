#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "net/address.h"
#include "net/handler.h"
#include "net/head_parser.h"
#include "net/inbox.h"
#include "net/loop_impl.h"
#include "net/out_queue.h"
#include "net/server_shared.h"
#include "net/transport.h"

namespace yimen::net {

class ServedExchange;

/// One connection from a browser: reads heads, carries exchanges one after the other, owns the way back.
/// Internal to net; loop thread only.
class ClientConnection final : public Handler {
public:
    ClientConnection(LoopImpl& loop, const ListenerState& listener, FileDescriptor fd, const Address& from);
    ~ClientConnection() override;

    /// After adopt(): registers with epoll and starts the clock.
    void begin();

    void onEvents(std::uint32_t events) override;
    void onTimer() override;
    void onReady() override { advance(); }
    void onDrain() override;
    void onCutOff() override { abort(); }

    // What the exchange uses.
    LoopImpl& loop() noexcept { return loop_; }
    const ListenerState& listener() const noexcept { return listener_; }
    const Address& clientAddress() const noexcept { return client_; }
    const Address& connectionAddress() const noexcept { return connection_; }
    bool secure() const noexcept { return secure_; }
    std::string_view serverName() const noexcept;

    Inbox& inbox() noexcept { return inbox_; }
    /// Reads more of the request; kAgain when nothing is there now. Only during advance().
    IoResult::Kind fill();
    bool inTurn() const noexcept { return inTurn_; }
    /// False when the bytes of this turn are used up; the connection is called again in the next one.
    bool budgetLeft();

    /// Sends or queues; false when the connection is broken (it has been closed then, and the exchange ended).
    bool send(std::span<iovec> parts);
    /// As last part of an answer: queues a shared body without a copy.
    bool sendWithTail(std::string_view head, const std::shared_ptr<const std::string>& tail);
    bool outputBlocked() const noexcept { return out_ != nullptr; }
    bool closed() const noexcept { return !io_.open(); }
    bool peerFinished() const noexcept { return peerFinished_; }
    Transport& transport() noexcept { return io_; }

    /// The exchange has ended and been recorded; goes on with the next request, or lingers and closes.
    void exchangeEnded(bool keepAlive, bool bodyRead);
    /// Cuts the connection so that the other side sees it.
    void abort();

    /// What the exchange waits for the client to do; the connection watches the time.
    enum class Watch : std::uint8_t { kNone, kHandshake, kHead, kIdle, kBody, kWrite, kHold, kTunnel, kLinger };
    /// Starts the time over when `watch` differs from the current one or `restart` is set.
    void watch(Watch watch, bool restart = false);
    bool keepAliveAllowed() const noexcept;

private:
    enum class State : std::uint8_t { kProxyHeader, kHandshake, kHead, kExchange, kLinger };

    void advance();
    bool step();
    bool readProxyHeader();
    bool startSecurity();
    bool handshake();
    bool readHead();
    bool startExchange();
    void refuse(int status, Counter reason);
    bool linger();
    void startLinger();
    void flush();
    void close();
    void leave();

    LoopImpl& loop_;
    const ListenerState& listener_;
    Transport io_;
    Inbox inbox_;
    std::unique_ptr<OutQueue> out_;
    std::unique_ptr<ServedExchange> exchange_;
    HeadScanner scanner_;
    Address client_;
    Address connection_;
    std::uint32_t requests_ = 0;
    std::uint32_t turnBytes_ = 0;
    State state_ = State::kHead;
    Watch watch_ = Watch::kNone;
    bool readable_ : 1 = false;
    bool peerFinished_ : 1 = false;
    bool secure_ : 1 = false;
    bool inTurn_ : 1 = false;
    bool counted_ : 1 = false;
    bool closeAfterFlush_ : 1 = false;
};

}  // namespace yimen::net
