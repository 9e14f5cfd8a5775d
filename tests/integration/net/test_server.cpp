#include "test_server.h"

#include <gtest/gtest.h>

#include <thread>

namespace yimen::test {

std::string forwardHead(const net::RequestHead& head) {
    std::string out;
    out.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\n");
    for (const net::Field& field : head.fields) {
        if (!field.hop) out.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    return out;
}

bool eventually(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

void TestDispatcher::onEnd(net::Exchange&, const net::ExchangeStats& stats) {
    const std::lock_guard lock(mutex_);
    ended_.push_back(stats);
}

std::vector<net::ExchangeStats> TestDispatcher::ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
}

bool TestDispatcher::waitEnded(std::size_t count) {
    return eventually([&] { return ended().size() >= count; });
}

TestServer::TestServer(net::ServerConfig config) {
    if (config.listeners.empty()) config.listeners.emplace_back();
    if (config.loops == 0) config.loops = 1;
    dispatcher_.handle = [](net::Exchange& exchange) { exchange.reply(net::Reply::text(200, "ok")); };
    server_ = std::make_unique<net::Server>(std::move(config), dispatcher_, clock_, random_);
    const core::Status started = server_->start();
    EXPECT_TRUE(started.ok()) << (started.ok() ? "" : started.error().describe());
}

TestServer::~TestServer() {
    server_->stop(std::chrono::milliseconds(0));
}

bool TestServer::waitMetric(net::Counter counter, std::uint64_t value) const {
    return eventually([&] { return metric(counter) >= value; });
}

void TestServer::forwardTo(net::UpstreamConfig config, net::ResponseFilter* filter) {
    auto made = net::UpstreamGroup::create(std::move(config), clock_);
    ASSERT_TRUE(made.ok()) << made.error().describe();
    upstream_ = *made;
    dispatcher_.handle = [this, filter](net::Exchange& exchange) {
        const std::string head = forwardHead(exchange.head());
        net::Forward forward;
        forward.upstream = upstream_;
        forward.head = head;
        forward.filter = filter;
        forward.upgrade = exchange.head().upgrade;
        exchange.forward(std::move(forward));
    };
}

void TestServer::forwardTo(std::uint16_t port, net::ResponseFilter* filter) {
    net::UpstreamConfig config;
    config.name = "test";
    config.origins = {{"127.0.0.1", port}};
    forwardTo(std::move(config), filter);
}

}  // namespace yimen::test
