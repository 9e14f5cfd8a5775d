#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

namespace yimen::test {

/// A server of 127.0.0.1 that takes connections and never says a word.
class SilentPeer {
public:
    SilentPeer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        void* const any = &address;  // the sockets API wants the base type
        good_ = ::bind(socket_, static_cast<const sockaddr*>(any), size) == 0 && ::listen(socket_, 16) == 0 &&
                ::getsockname(socket_, static_cast<sockaddr*>(any), &size) == 0;
        port_ = ntohs(address.sin_port);
    }
    ~SilentPeer() { ::close(socket_); }
    SilentPeer(const SilentPeer&) = delete;
    SilentPeer& operator=(const SilentPeer&) = delete;

    bool good() const { return good_; }
    std::uint16_t port() const { return port_; }

private:
    int socket_;
    std::uint16_t port_ = 0;
    bool good_ = false;
};

}  // namespace yimen::test
