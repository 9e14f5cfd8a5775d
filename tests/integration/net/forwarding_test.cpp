// Requests on their way to an upstream and answers on their way back, seen from both sockets.
#include <gtest/gtest.h>

#include <thread>

#include "test_server.h"

namespace yimen::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /x?y=1 HTTP/1.1\r\nHost: a.example\r\nX-Test: 1\r\n\r\n";
constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-From: up\r\n\r\nok";

/// A server that forwards to a listener, one client, and the upstream's side of the first connection.
struct Chain {
    explicit Chain(net::ServerConfig config = {}, net::ResponseFilter* filter = nullptr) : server(std::move(config)) {
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

TEST(Forwarding, RelaysRequestAndAnswerAndKeepsBothConnections) {
    Chain chain;
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(chain.request(kGet), "GET /x?y=1 HTTP/1.1\r\nHost: a.example\r\nX-Test: 1\r\n\r\n");
        chain.upstream.send(kOk);
        EXPECT_EQ(chain.client.readUntil("\r\n\r\nok"), "HTTP/1.1 200 OK\r\nX-From: up\r\nContent-Length: 2\r\n\r\nok");
    }
    EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamConnects), 1U);
    EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamReuses), 2U);
    ASSERT_TRUE(chain.server.dispatcher().waitEnded(3));
    const net::ExchangeStats stats = chain.server.dispatcher().ended()[2];
    EXPECT_EQ(stats.status, 200);
    EXPECT_EQ(stats.bytesIn, kGet.size());
    EXPECT_FALSE(stats.upstreamRetried);
}

TEST(Forwarding, RelaysRequestBodiesOfBothFramings) {
    Chain chain;
    const std::string head = chain.request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
    EXPECT_NE(head.find("Content-Length: 5\r\n\r\n"), std::string::npos) << head;
    EXPECT_EQ(chain.upstream.readUntil("hel"), "hel");
    chain.client.send("lo");
    EXPECT_EQ(chain.upstream.readUntil("lo"), "lo");
    chain.upstream.send(kOk);
    chain.client.readUntil("\r\n\r\nok");
    const std::string chunked =
        chain.request("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n");
    EXPECT_NE(chunked.find("Transfer-Encoding: chunked\r\n\r\n"), std::string::npos);
    EXPECT_EQ(chain.upstream.readUntil("abc\r\n"), "3\r\nabc\r\n") << "the extension is dropped";
    chain.client.send("0\r\nX-Trailer: v\r\n\r\n");
    EXPECT_EQ(chain.upstream.readUntil("\r\n\r\n"), "0\r\n\r\n") << "the trailer is dropped";
    chain.upstream.send(kOk);
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
    EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamConnects), 1U);
}

TEST(Forwarding, TellsThePostWithoutBodyItsLength) {
    Chain chain;
    EXPECT_NE(chain.request("POST / HTTP/1.1\r\nHost: a\r\n\r\n").find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(Forwarding, RelaysChunkedAnswers) {
    Chain chain;
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;e\r\nhel");
    EXPECT_TRUE(chain.client.readUntil("3\r\nhel\r\n").ends_with("Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n"));
    chain.upstream.send("lo\r\n0\r\nX-T: v\r\n\r\n");
    EXPECT_EQ(chain.client.readUntil("0\r\n\r\n"), "2\r\nlo\r\n0\r\n\r\n");
    chain.request(kGet);
    EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamConnects), 1U) << "the connection could be kept";
}

TEST(Forwarding, ChunksWhatTheUpstreamEndsByClosing) {
    Chain chain;
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 200 OK\r\n\r\nabc");
    chain.upstream.close();
    EXPECT_TRUE(chain.client.readUntil("0\r\n\r\n").ends_with("3\r\nabc\r\n0\r\n\r\n"));
    chain.upstream = RawSocket();
    EXPECT_NE(chain.request(kGet), "") << "the client's connection stays";
}

TEST(Forwarding, ServesOldClientsWithoutChunks) {
    Chain chain;
    chain.request("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    chain.upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    const std::string all = chain.client.readAll();
    EXPECT_TRUE(all.ends_with("\r\n\r\nabc")) << all;
    EXPECT_EQ(all.find("chunked"), std::string::npos);
    EXPECT_TRUE(chain.client.peerClosed());
}

TEST(Forwarding, NeedsNoBodyForHeadAndNotModified) {
    Chain chain;
    chain.request("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    chain.upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
    EXPECT_NE(chain.client.readUntil("\r\n\r\n").find("Content-Length: 1234"), std::string::npos);
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
    EXPECT_NE(chain.client.readUntil("\r\n\r\n").find("ETag"), std::string::npos);
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(chain.client.readUntil("\r\n\r\n"), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamConnects), 1U);
}

TEST(Forwarding, RelaysEarlyHintsAndSwallowsOtherInterims) {
    Chain chain;
    chain.request(kGet);
    chain.upstream.send(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nSet-Cookie: a=b\r\n\r\n");
    EXPECT_EQ(chain.client.readUntil("\r\n\r\n"), "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
    chain.upstream.send(kOk);
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
}

TEST(Forwarding, AnswersContinueItself) {
    Chain chain;
    chain.client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    chain.upstream = chain.listener.accept();
    EXPECT_EQ(chain.client.readUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    chain.client.send("hi");
    const std::string got = chain.upstream.readUntil("hi");
    EXPECT_EQ(got.find("Expect"), std::string::npos);
    chain.upstream.send(kOk);
    EXPECT_TRUE(chain.client.readUntil("ok").starts_with("HTTP/1.1 200"));
}

TEST(Forwarding, ServesPipelinedRequestsOneAfterTheOther) {
    Chain chain;
    chain.client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
    chain.upstream = chain.listener.accept();
    EXPECT_TRUE(chain.upstream.readUntil("\r\n\r\n").starts_with("GET /1 "));
    EXPECT_EQ(chain.upstream.readSome(100, 100ms), "") << "the second waits for the first's answer";
    chain.upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n1").starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(chain.upstream.readUntil("\r\n\r\n").starts_with("GET /2 "));
    chain.upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n2").starts_with("HTTP/1.1 200"));
}

TEST(Forwarding, RelaysAnUpgradeBothWays) {
    Chain chain;
    const std::string head =
        chain.request("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n");
    EXPECT_NE(head.find("Connection: Upgrade\r\nUpgrade: websocket\r\n"), std::string::npos) << head;
    chain.upstream.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
    const std::string answer = chain.client.readUntil("hello");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello")) << answer;
    chain.client.send("to upstream");
    EXPECT_EQ(chain.upstream.readUntil("to upstream"), "to upstream");
    chain.upstream.send("to client");
    EXPECT_EQ(chain.client.readUntil("to client"), "to client");
    chain.client.finishWriting();
    EXPECT_EQ(chain.upstream.readAll(), "");
    chain.upstream.send("last");
    chain.upstream.close();
    EXPECT_EQ(chain.client.readAll(), "last");
    ASSERT_TRUE(chain.server.dispatcher().waitEnded(1));
    EXPECT_EQ(chain.server.dispatcher().ended()[0].status, 101);
    EXPECT_FALSE(chain.server.dispatcher().ended()[0].clientAborted);
}

TEST(Forwarding, RefusesAnUpgradeNobodyAskedFor) {
    Chain chain;
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 "));
}

TEST(Retry, RepeatsAnIdempotentRequestWhoseKeptConnectionDies) {
    Chain chain;
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
    Chain chain;
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
    Chain chain;
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
    Chain chain;
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

TEST(Truncation, CutsTheClientWhenABodyEndsEarly) {
    for (const char* partial : {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"}) {
        Chain chain;
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
    Chain chain;
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
        Chain chain;
        chain.request(kGet);
        chain.upstream.send(answer);
        EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 ")) << answer;
        EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamBadResponse), 1U);
        chain.upstream.readAll();
        EXPECT_TRUE(chain.upstream.peerClosed());
    }
}

TEST(BadResponse, CostsTheConnectionWhenMoreComesThanAnnounced) {
    Chain chain;
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

TEST(BadResponse, HeadsOverTheLimitAreRefused) {
    Chain chain;
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 200 OK\r\nX: " + std::string(60000, 'a') + "\r\n\r\n");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 "));
}

TEST(ClientGone, ClosesTheUpstreamConnection) {
    Chain chain;
    chain.request(kGet);
    chain.client.abort();
    chain.upstream.readAll();
    EXPECT_TRUE(chain.upstream.peerClosed());
    ASSERT_TRUE(chain.server.dispatcher().waitEnded(1));
    EXPECT_TRUE(chain.server.dispatcher().ended()[0].clientAborted);
}

TEST(ClientGone, HalfCloseStillGetsItsAnswer) {
    Chain chain;
    chain.request(kGet);
    chain.client.finishWriting();
    std::this_thread::sleep_for(20ms);
    chain.upstream.send(kOk);
    EXPECT_TRUE(chain.client.readAll().ends_with("\r\n\r\nok"));
    EXPECT_TRUE(chain.client.peerClosed());
}

TEST(Body, EarlyAnswerToALongUploadReachesTheClient) {
    Chain chain;
    chain.request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
    chain.upstream.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
    const std::string answer = chain.client.readUntil("\r\n\r\nbig");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413")) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << "the rest of the body will not be read";
}

TEST(Body, OverTheLimitIsRefused) {
    net::ServerConfig config;
    config.limits.maxBodyBytes = 10;
    Chain chain(config);
    chain.client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 413 "));
    EXPECT_FALSE(chain.listener.accept(50ms).open());
    RawSocket chunked = chain.server.client();
    chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + std::string(64, 'x') +
                 "\r\n");
    EXPECT_TRUE(chunked.readUntil("\r\n\r\n").starts_with("HTTP/1.1 413 "));
}

std::size_t residentKiB() {
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    long total = 0;
    long resident = 0;
    const int read = std::fscanf(file, "%ld %ld", &total, &resident);
    std::fclose(file);
    return read == 2 ? static_cast<std::size_t>(resident) * 4 : 0;
}

TEST(BackPressure, KeepsMemoryFlatWithASlowReader) {
    Chain chain;
    chain.request(kGet);
    constexpr std::size_t kSize = 100 * 1000 * 1000;
    std::thread writer([&] {
        chain.upstream.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
        const std::string block(1000 * 1000, 'x');
        for (std::size_t sent = 0; sent < kSize; sent += block.size()) chain.upstream.send(block);
    });
    chain.client.readUntil("\r\n\r\n");
    std::this_thread::sleep_for(300ms);  // the client does not read: everything must stop
    const std::size_t before = residentKiB();
    std::size_t got = 0;
    std::size_t most = before;
    while (got < kSize && !chain.client.peerClosed()) {
        got += chain.client.readSome(256 * 1024).size();
        most = std::max(most, residentKiB());
    }
    writer.join();
    EXPECT_EQ(got, kSize);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they keep freed memory
    EXPECT_LT(most - before, 4096U) << "KiB";
#endif
}

TEST(BackPressure, StopsReadingAnUploadTheUpstreamDoesNotTake) {
    Chain chain;
    constexpr std::size_t kSize = 50 * 1000 * 1000;
    chain.request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
    std::thread writer([&] {
        const std::string block(1000 * 1000, 'x');
        for (std::size_t sent = 0; sent < kSize; sent += block.size()) chain.client.send(block);
    });
    std::this_thread::sleep_for(300ms);
    EXPECT_LT(chain.server.metric(net::Counter::kBytesIn), 20U * 1000 * 1000) << "kernel buffers only";
    std::size_t got = 0;
    while (got < kSize && !chain.upstream.peerClosed()) got += chain.upstream.readSome(1 << 20).size();
    EXPECT_EQ(got, kSize);
    writer.join();
    chain.upstream.send(kOk);
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
}

}  // namespace
}  // namespace yimen::test
