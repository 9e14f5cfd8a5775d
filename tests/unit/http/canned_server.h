#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/url.h"

namespace yimen::http {

/// A server on 127.0.0.1 that answers each request of a connection with the next of its canned answers and keeps what
/// it read. An empty answer: the connection is closed; "HANG": nothing is sent until the client goes away.
class CannedServer {
public:
    explicit CannedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
        listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        const auto* plain = static_cast<const void*>(&address);
        YIMEN_CHECK(bind(listener_, static_cast<const sockaddr*>(plain), size) == 0 && listen(listener_, 16) == 0);
        auto* out = static_cast<void*>(&address);
        YIMEN_CHECK(getsockname(listener_, static_cast<sockaddr*>(out), &size) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~CannedServer() {
        stopping_ = true;
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }
    CannedServer(const CannedServer&) = delete;
    CannedServer& operator=(const CannedServer&) = delete;

    core::Url url(const std::string& target = "/") const {
        return core::Url::parse("http://127.0.0.1:" + std::to_string(port_) + target).value();
    }
    std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    int connections() const { return connections_; }

private:
    void run() {
        while (!stopping_ && next_ < answers_.size()) {
            const int peer = accept(listener_, nullptr, nullptr);
            if (peer < 0) return;
            ++connections_;
            serve(peer);
            close(peer);
        }
    }
    void serve(int peer) {
        char buffer[4096];
        while (next_ < answers_.size()) {
            std::string request;
            while (request.find("\r\n\r\n") == std::string::npos) {
                const auto got = recv(peer, buffer, sizeof buffer, 0);
                if (got <= 0) return;
                request.append(buffer, static_cast<std::size_t>(got));
            }
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(request);
            }
            const std::string& answer = answers_[next_++];
            if (answer.empty()) return;
            if (answer == "HANG") {
                (void)recv(peer, buffer, sizeof buffer, 0);
                return;
            }
            (void)send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }

    std::vector<std::string> answers_;
    std::size_t next_ = 0;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<int> connections_{0};
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace yimen::http
