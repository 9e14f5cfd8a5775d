#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/transport.h"

namespace yimen::test {

/// A blocking TCP connection that sends and receives exactly what the test says.
class RawSocket {
public:
    RawSocket() = default;
    explicit RawSocket(net::FileDescriptor fd) : fd_(std::move(fd)) {}
    static RawSocket connectTo(std::uint16_t port);

    bool open() const { return fd_.open(); }
    int fd() const { return fd_.get(); }
    void send(std::string_view bytes);
    /// Reads until `ending` has come, the peer has closed, or the time is over; returns all that came.
    std::string readUntil(std::string_view ending, std::chrono::milliseconds patience = std::chrono::seconds(5));
    /// Reads until the peer closes, or the time is over.
    std::string readAll(std::chrono::milliseconds patience = std::chrono::seconds(5));
    std::string readSome(std::size_t most, std::chrono::milliseconds patience = std::chrono::seconds(5));
    /// Whether the last read ended because the peer closed (FIN or RST).
    bool peerClosed() const { return peerClosed_; }
    /// Whether it was a reset.
    bool peerReset() const { return peerReset_; }
    void finishWriting();
    void close() { fd_.reset(); }
    /// Closes with RST.
    void abort();

private:
    net::FileDescriptor fd_;
    std::string pending_;
    bool peerClosed_ = false;
    bool peerReset_ = false;
};

/// A listening socket on 127.0.0.1 for one test upstream.
class RawListener {
public:
    RawListener();
    std::uint16_t port() const { return port_; }
    /// An unopened socket when nobody comes in time.
    RawSocket accept(std::chrono::milliseconds patience = std::chrono::seconds(5));

private:
    net::FileDescriptor fd_;
    std::uint16_t port_ = 0;
};

}  // namespace yimen::test
