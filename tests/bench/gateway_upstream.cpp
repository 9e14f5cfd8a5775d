// The fastest upstream a benchmark can have: one thread, one epoll, one fixed answer per request head.
// usage: bench_upstream PORT STATUS BODY_BYTES
// GET /__accepts tells how many connections it has accepted.
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <unordered_map>

#include "net/socket_util.h"

namespace {

using yimen::net::FileDescriptor;

struct Peer {
    FileDescriptor fd;
    std::string partial;
};

std::string makeAnswer(const std::string& status, std::size_t size) {
    std::string answer = "HTTP/1.1 " + status + " OK\r\nContent-Type: text/plain\r\nServer: bench\r\n";
    if (status != "204") answer += "Content-Length: " + std::to_string(size) + "\r\n";
    return answer + "\r\n" + std::string(size, 'x');
}

/// Answers every complete head in what came; false when the peer has gone.
bool serve(Peer& peer, const std::string& answer, std::uint64_t accepts) {
    char buffer[16384];
    const ssize_t got = ::recv(peer.fd.get(), buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    std::string_view bytes(buffer, static_cast<std::size_t>(got));
    if (!peer.partial.empty()) {
        peer.partial.append(bytes);
        bytes = peer.partial;
    }
    std::size_t at = 0;
    for (std::size_t end = bytes.find("\r\n\r\n"); end != std::string_view::npos; end = bytes.find("\r\n\r\n", at)) {
        const bool asked = bytes.substr(at).starts_with("GET /__accepts ");
        const std::string count = asked ? "HTTP/1.1 200 OK\r\n\r\n" + std::to_string(accepts) : std::string();
        const std::string& text = asked ? count : answer;
        at = end + 4;
        ::send(peer.fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
        if (asked) return false;
    }
    peer.partial = std::string(bytes.substr(at));
    return true;
}

int run(const yimen::net::Address& address, const std::string& answer) {
    auto listener = yimen::net::openListener(address);
    if (!listener.ok()) {
        std::fprintf(stderr, "%s\n", listener.error().message.c_str());
        return 1;
    }
    const FileDescriptor epoll(::epoll_create1(0));
    std::unordered_map<int, Peer> peers;
    std::uint64_t accepts = 0;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener->get();
    ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, listener->get(), &event);
    while (true) {
        epoll_event events[256];
        const int count = ::epoll_wait(epoll.get(), events, 256, -1);
        for (int i = 0; i < count; ++i) {
            const int fd = events[i].data.fd;
            if (fd == listener->get()) {
                FileDescriptor accepted(::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC));
                if (!accepted.open()) continue;
                ++accepts;
                event.data.fd = accepted.get();
                ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, accepted.get(), &event);
                peers[event.data.fd] = Peer{std::move(accepted), {}};
            } else if (!serve(peers[fd], answer, accepts)) {
                peers.erase(fd);
            }
        }
    }
}

}  // namespace

int main(int count, char** values) {
    if (count != 4) {
        std::fprintf(stderr, "usage: bench_upstream PORT STATUS BODY_BYTES\n");
        return 2;
    }
    const auto port = static_cast<std::uint16_t>(std::atoi(values[1]));
    const auto size = static_cast<std::size_t>(std::atol(values[3]));
    return run(yimen::net::Address::parse("127.0.0.1", port).value(), makeAnswer(values[2], size));
}
