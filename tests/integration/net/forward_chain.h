#pragma once

#include <string>
#include <string_view>

#include "test_server.h"

namespace yimen::test {

constexpr std::string_view kGet = "GET /x?y=1 HTTP/1.1\r\nHost: a.example\r\nX-Test: 1\r\n\r\n";
constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-From: up\r\n\r\nok";

/// A server that forwards to a listener, one client, and the upstream's side of the first connection.
struct ForwardChain {
    explicit ForwardChain(net::ServerConfig config = {}, net::ResponseFilter* filter = nullptr)
        : server(std::move(config)) {
        server.forwardTo(listener.port(), filter);
        client = server.client();
    }

    /// Sends a request and returns what the upstream got of its head.
    std::string request(std::string_view bytes) {
        client.send(bytes);
        if (!upstream.open()) upstream = listener.accept();
        return upstream.readUntil("\r\n\r\n");
    }

    RawListener listener;
    TestServer server;
    RawSocket client;
    RawSocket upstream;
};

}  // namespace yimen::test
