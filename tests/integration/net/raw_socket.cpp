#include "raw_socket.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "net/socket_util.h"

namespace yimen::test {
namespace {

net::Address local(std::uint16_t port) {
    return net::Address::parse("127.0.0.1", port).value();
}

bool readable(int fd, std::chrono::steady_clock::time_point until) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd wait{fd, POLLIN, 0};
    return left.count() > 0 && ::poll(&wait, 1, static_cast<int>(left.count())) > 0;
}

}  // namespace

RawSocket RawSocket::connectTo(std::uint16_t port) {
    net::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const net::SocketAddress where(local(port));
    if (::connect(fd.get(), where.get(), where.length) != 0) fd.reset();
    return RawSocket(std::move(fd));
}

void RawSocket::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string RawSocket::readSome(std::size_t most, std::chrono::milliseconds patience) {
    if (!pending_.empty()) {
        std::string out = pending_.substr(0, most);
        pending_.erase(0, out.size());
        return out;
    }
    if (!readable(fd_.get(), std::chrono::steady_clock::now() + patience)) return {};
    std::string out(most, '\0');
    const ssize_t got = ::recv(fd_.get(), out.data(), most, 0);
    peerClosed_ = peerClosed_ || got <= 0;
    peerReset_ = peerReset_ || (got < 0 && errno == ECONNRESET);
    out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return out;
}

std::string RawSocket::readUntil(std::string_view ending, std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    std::string all = std::exchange(pending_, {});
    while (true) {
        if (const std::size_t at = all.find(ending); at != std::string::npos) {
            pending_ = all.substr(at + ending.size());
            all.resize(at + ending.size());
            return all;
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return all;
        const std::string more = readSome(65536, left);
        if (more.empty()) return all;
        all += more;
    }
}

std::string RawSocket::readAll(std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    std::string all;
    while (!peerClosed_) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) break;
        const std::string more = readSome(1 << 20, left);
        all += more;
        if (more.empty()) break;
    }
    return all;
}

void RawSocket::finishWriting() {
    ::shutdown(fd_.get(), SHUT_WR);
}

void RawSocket::abort() {
    const linger hard{1, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    fd_.reset();
}

RawListener::RawListener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const net::SocketAddress where(local(0));
    ::bind(fd_.get(), where.get(), where.length);
    ::listen(fd_.get(), 64);
    port_ = net::boundPort(fd_.get());
}

RawSocket RawListener::accept(std::chrono::milliseconds patience) {
    if (!readable(fd_.get(), std::chrono::steady_clock::now() + patience)) return RawSocket();
    return RawSocket(net::FileDescriptor(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
}

}  // namespace yimen::test
