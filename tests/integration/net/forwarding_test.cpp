// Requests on their way to an upstream and answers on their way back, seen from both sockets.
#include <gtest/gtest.h>

#include <thread>

#include "forward_chain.h"

namespace yimen::test {
namespace {

using namespace std::chrono_literals;

TEST(Forwarding, RelaysRequestAndAnswerAndKeepsBothConnections) {
    ForwardChain chain;
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
    ForwardChain chain;
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
    ForwardChain chain;
    EXPECT_NE(chain.request("POST / HTTP/1.1\r\nHost: a\r\n\r\n").find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(Forwarding, RelaysChunkedAnswers) {
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;e\r\nhel");
    EXPECT_TRUE(chain.client.readUntil("3\r\nhel\r\n").ends_with("Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n"));
    chain.upstream.send("lo\r\n0\r\nX-T: v\r\n\r\n");
    EXPECT_EQ(chain.client.readUntil("0\r\n\r\n"), "2\r\nlo\r\n0\r\n\r\n");
    chain.request(kGet);
    EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamConnects), 1U) << "the connection could be kept";
}

TEST(Forwarding, ChunksWhatTheUpstreamEndsByClosing) {
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 200 OK\r\n\r\nabc");
    chain.upstream.close();
    EXPECT_TRUE(chain.client.readUntil("0\r\n\r\n").ends_with("3\r\nabc\r\n0\r\n\r\n"));
    chain.upstream = RawSocket();
    EXPECT_NE(chain.request(kGet), "") << "the client's connection stays";
}

TEST(Forwarding, ServesOldClientsWithoutChunks) {
    ForwardChain chain;
    chain.request("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    chain.upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    const std::string all = chain.client.readAll();
    EXPECT_TRUE(all.ends_with("\r\n\r\nabc")) << all;
    EXPECT_EQ(all.find("chunked"), std::string::npos);
    EXPECT_TRUE(chain.client.peerClosed());
}

TEST(Forwarding, NeedsNoBodyForHeadAndNotModified) {
    ForwardChain chain;
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
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nSet-Cookie: a=b\r\n\r\n");
    EXPECT_EQ(chain.client.readUntil("\r\n\r\n"), "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
    chain.upstream.send(kOk);
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
}

TEST(Forwarding, AnswersContinueItself) {
    ForwardChain chain;
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
    ForwardChain chain;
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
    ForwardChain chain;
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
    ForwardChain chain;
    chain.request(kGet);
    chain.upstream.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 "));
}

}  // namespace
}  // namespace yimen::test
