// Upstreams that fail: retry, ejection, time-outs, truncated and ambiguous answers.
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <thread>

#include "forward_chain.h"

namespace yimen::test {
namespace {

using namespace std::chrono_literals;

TEST(Retry, RepeatsAnIdempotentRequestWhoseKeptConnectionDies) {
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send(kOk);
    chain.client.readUntil("\r\n\r\nok");
    EXPECT_TRUE(chain.request(kGet).starts_with("GET /x"));
    chain.upstream.abort();
    chain.upstream = chain.listener.accept();
    EXPECT_TRUE(chain.upstream.readUntil("\r\n\r\n").starts_with("GET /x")) << "on a fresh connection";
    chain.upstream.send(kOk);
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
    ASSERT_TRUE(chain.server.dispatcher().waitEnded(2));
    EXPECT_TRUE(chain.server.dispatcher().ended()[1].upstreamRetried);
}

TEST(Retry, RepeatsNothingThatCouldHaveHadAnEffect) {
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send(kOk);
    chain.client.readUntil("\r\n\r\nok");
    chain.request("POST /pay HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    chain.upstream.abort();
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 "));
    EXPECT_FALSE(chain.listener.accept(100ms).open());
    ASSERT_TRUE(chain.server.dispatcher().waitEnded(2));
    EXPECT_EQ(chain.server.dispatcher().ended()[1].upstreamError, net::UpstreamError::kReset);
}

TEST(Retry, RepeatsNothingOnceAnAnswerHasBegun) {
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send(kOk);
    chain.client.readUntil("\r\n\r\nok");
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 2");
    std::this_thread::sleep_for(20ms);
    chain.upstream.abort();
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 "));
    EXPECT_FALSE(chain.listener.accept(100ms).open());
}

TEST(Retry, RepeatsNothingOnAFreshConnection) {
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.abort();
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 "));
    EXPECT_FALSE(chain.listener.accept(100ms).open());
}

TEST(Upstream, TriesTheNextOriginWhenOneRefuses) {
    RawListener listener;
    std::uint16_t deadPort = 0;
    {
        RawListener dead;
        deadPort = dead.port();
    }
    TestServer server;
    net::UpstreamConfig config;
    config.origins = {{"127.0.0.1", deadPort}, {"127.0.0.1", listener.port()}};
    server.forwardTo(config);
    RawSocket client = server.client();
    client.send(kGet);
    RawSocket upstream = listener.accept();
    upstream.readUntil("\r\n\r\n");
    upstream.send(kOk);
    EXPECT_TRUE(client.readUntil("ok").starts_with("HTTP/1.1 200"));
}

TEST(Upstream, IsEjectedAfterFailuresAndTriedAgainLater) {
    std::uint16_t deadPort = 0;
    {
        RawListener dead;
        deadPort = dead.port();
    }
    TestServer server;
    net::UpstreamConfig config;
    config.origins = {{"127.0.0.1", deadPort}};
    config.failuresToEject = 2;
    config.ejectMin = 300ms;
    server.forwardTo(config);
    const auto statusOf = [&] {
        RawSocket client = server.client();
        client.send(kGet);
        return client.readUntil("\r\n\r\n").substr(9, 3);
    };
    EXPECT_EQ(statusOf(), "502");
    EXPECT_EQ(statusOf(), "502");
    EXPECT_EQ(statusOf(), "503");
    EXPECT_TRUE(server.upstream()->state()[0].ejected);
    std::this_thread::sleep_for(350ms);
    EXPECT_EQ(statusOf(), "502") << "tried again";
    EXPECT_EQ(server.metric(net::Counter::kUpstreamEjections), 1U);
}

TEST(Upstream, ResolvesNamesOffTheLoop) {
    RawListener listener;
    TestServer server;
    net::UpstreamConfig config;
    config.origins = {{"localhost", listener.port()}};
    server.forwardTo(config);
    // localhost may name ::1 first, where nobody listens: the next attempt takes the next address.
    std::string answer;
    for (int i = 0; i < 3 && !answer.starts_with("HTTP/1.1 200"); ++i) {
        RawSocket client = server.client();
        client.send(kGet);
        RawSocket upstream = listener.accept(500ms);
        if (upstream.open()) upstream.send(kOk);
        answer = client.readUntil("\r\n\r\n");
    }
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
}

TEST(Upstream, MaySpeakBeforeItIsAsked) {
    // A server that refuses connections says so at once, and perhaps closes: no edge-triggered event is lost.
    for (int i = 0; i < 20; ++i) {
        ForwardChain chain;
        std::thread impatient([&] {
            chain.upstream = chain.listener.accept();
            chain.upstream.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            chain.upstream.finishWriting();
        });
        chain.client.send(kGet);
        EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 503 Busy"));
        impatient.join();
    }
}

TEST(Upstream, TimesOut) {
    RawListener listener;
    TestServer server;
    net::UpstreamConfig config;
    config.origins = {{"127.0.0.1", listener.port()}};
    config.readTimeout = 100ms;
    server.forwardTo(config);
    RawSocket client = server.client();
    client.send(kGet);
    RawSocket upstream = listener.accept();
    EXPECT_TRUE(client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 504 "));
    upstream.readAll();
    EXPECT_TRUE(upstream.peerClosed());
}

TEST(Upstream, BoundsTheWholeAnswer) {
    RawListener listener;
    TestServer server;
    net::UpstreamConfig config;
    config.origins = {{"127.0.0.1", listener.port()}};
    config.totalTimeout = 200ms;
    server.forwardTo(config);
    RawSocket client = server.client();
    client.send(kGet);
    RawSocket upstream = listener.accept();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 50 && !upstream.peerClosed(); ++i) {
        upstream.send("x");
        upstream.readSome(1000, 20ms);
    }
    client.readAll();
    EXPECT_TRUE(client.peerReset());
    EXPECT_TRUE(server.dispatcher().ended()[0].truncated);
}

TEST(Upstream, LetsExchangesWaitForAConnectionInTurn) {
    RawListener listener;
    TestServer server;
    net::UpstreamConfig config;
    config.origins = {{"127.0.0.1", listener.port()}};
    config.maxConnections = 1;
    config.maxWaiting = 1;
    server.forwardTo(config);
    RawSocket first = server.client();
    first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    RawSocket upstream = listener.accept();
    upstream.readUntil("\r\n\r\n");
    RawSocket second = server.client();
    second.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(server.waitMetric(net::Counter::kUpstreamQueued, 1));
    RawSocket third = server.client();
    third.send("GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(third.readUntil("\r\n\r\n").starts_with("HTTP/1.1 503 ")) << "the waiting line is full";
    upstream.send(kOk);
    EXPECT_TRUE(first.readUntil("ok").starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(upstream.readUntil("\r\n\r\n").starts_with("GET /2"));
    upstream.send(kOk);
    EXPECT_TRUE(second.readUntil("ok").starts_with("HTTP/1.1 200"));
}

TEST(Upstream, KeepsTheConnectionsOfAPeakAndTakesTheWarmestFirst) {
    constexpr std::size_t kPeak = 300;
    RawListener listener;
    TestServer server;
    server.forwardTo(listener.port());
    std::vector<RawSocket> clients;
    std::vector<RawSocket> systems;
    const auto answerAll = [&] {
        for (auto& system : systems) system.send(kOk);
        for (auto& client : clients) ASSERT_TRUE(client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
    };
    for (std::size_t i = 0; i < kPeak; ++i) {
        clients.push_back(server.client());
        clients.back().send(kGet);
        systems.push_back(listener.accept());
        ASSERT_TRUE(systems.back().readUntil("\r\n\r\n").starts_with("GET /x"));
    }
    answerAll();
    for (auto& client : clients) client.send(kGet);
    for (auto& system : systems) ASSERT_TRUE(system.readUntil("\r\n\r\n").starts_with("GET /x")) << "not used again";
    EXPECT_FALSE(listener.accept(50ms).open()) << "a handshake for a connection that was thrown away";
    answerAll();

    clients[0].send(kGet);
    std::vector<pollfd> asked;
    for (const auto& system : systems) asked.push_back({system.fd(), POLLIN, 0});
    ASSERT_EQ(::poll(asked.data(), asked.size(), 5000), 1);
    const auto found = std::find_if(asked.begin(), asked.end(), [](const pollfd& one) { return one.revents != 0; });
    const auto warmest = static_cast<std::size_t>(found - asked.begin());
    ASSERT_TRUE(systems[warmest].readUntil("\r\n\r\n").starts_with("GET /x"));
    systems[warmest].send(kOk);
    clients[0].readUntil("\r\n\r\nok");
    clients[1].send(kGet);
    EXPECT_TRUE(systems[warmest].readUntil("\r\n\r\n").starts_with("GET /x")) << "the one used last is the warmest";
    systems[warmest].send(kOk);
    clients[1].readUntil("\r\n\r\nok");

    // Those that leave from the middle are asked no more, and the others still are.
    for (std::size_t i = 0; i < kPeak; i += 2) systems[i].close();
    for (int i = 0; i < 500 && server.metric(net::Counter::kIdleUpstream) > kPeak / 2; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    ASSERT_EQ(server.metric(net::Counter::kIdleUpstream), kPeak / 2);
    for (std::size_t i = 0; i < kPeak / 2; ++i) clients[i].send(kGet);
    for (std::size_t i = 1; i < kPeak; i += 2) {
        ASSERT_TRUE(systems[i].readUntil("\r\n\r\n").starts_with("GET /x"));
        systems[i].send(kOk);
    }
    for (std::size_t i = 0; i < kPeak / 2; ++i) {
        ASSERT_TRUE(clients[i].readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
    }
    EXPECT_FALSE(listener.accept(50ms).open());
}

TEST(Truncation, CutsTheClientWhenABodyEndsEarly) {
    for (const char* partial : {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"}) {
        ForwardChain chain;
        chain.request(kGet);
        chain.upstream.send(partial);
        chain.client.readUntil("12345");
        chain.upstream.close();
        const std::string rest = chain.client.readAll();
        EXPECT_EQ(rest.find("0\r\n\r\n"), std::string::npos) << "no false end";
        EXPECT_TRUE(chain.client.peerReset()) << partial;
        ASSERT_TRUE(chain.server.dispatcher().waitEnded(1));
        EXPECT_TRUE(chain.server.dispatcher().ended()[0].truncated);
        EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamTruncated), 1U);
    }
}

TEST(Truncation, TakesAResetForWhatItIs) {
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 200 OK\r\n\r\nabc");
    chain.client.readUntil("abc\r\n");
    chain.upstream.abort();
    EXPECT_EQ(chain.client.readAll(), "") << "a reset does not end a body that closing would end";
    EXPECT_TRUE(chain.client.peerReset());
}

TEST(BadResponse, IsNeverForwarded) {
    for (const char* answer : {
             "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
             "HTTP/1.1 200 OK\nContent-Length: 2\n\nab",
             "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
             "garbage\r\n\r\n",
             "\r\nHTTP/1.1 200 OK\r\n\r\n",
         }) {
        ForwardChain chain;
        chain.request(kGet);
        chain.upstream.send(answer);
        EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 ")) << answer;
        EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamBadResponse), 1U);
        chain.upstream.readAll();
        EXPECT_TRUE(chain.upstream.peerClosed());
    }
}

TEST(BadResponse, CostsTheConnectionWhenMoreComesThanAnnounced) {
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send(std::string(kOk) + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
    chain.upstream.readAll();
    EXPECT_TRUE(chain.upstream.peerClosed());
    chain.upstream = RawSocket();
    chain.request(kGet);
    chain.upstream.send(kOk);
    EXPECT_EQ(chain.client.readUntil("\r\n\r\nok").find("evil"), std::string::npos);
}

TEST(BadResponse, InterimAnswersDoNotGoOnForEver) {
    ForwardChain chain;
    chain.request(kGet);
    for (int i = 0; i < 17; ++i) chain.upstream.send("HTTP/1.1 102 Processing\r\n\r\n");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 "));
}

TEST(BadResponse, HeadsOverTheLimitAreRefused) {
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 200 OK\r\nX: " + std::string(60000, 'a') + "\r\n\r\n");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 "));
}

}  // namespace
}  // namespace yimen::test
