// Answers of the hub itself: replies, bodies, keep-alive, limits.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/worker_pool.h"
#include "test_server.h"

namespace yimen::test {
namespace {

using namespace std::chrono_literals;

TEST(Serving, AnswersAndKeepsTheConnection) {
    TestServer server;
    RawSocket client = server.client();
    for (int i = 0; i < 3; ++i) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        const std::string answer = client.readUntil("\r\n\r\nok");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
        EXPECT_NE(answer.find("Content-Length: 2\r\n"), std::string::npos) << answer;
        EXPECT_NE(answer.find("Date: "), std::string::npos) << answer;
        EXPECT_EQ(answer.find("Connection"), std::string::npos) << answer;
    }
    EXPECT_EQ(server.metric(net::Counter::kAccepted), 1U);
    EXPECT_TRUE(server.waitMetric(net::Counter::kResponses2xx, 3));
}

TEST(Serving, AnswersPipelinedRequestsInOrder) {
    TestServer server;
    server.dispatcher().handle = [](net::Exchange& exchange) {
        exchange.reply(net::Reply::text(200, std::string(exchange.head().target)));
    };
    RawSocket client = server.client();
    client.send(
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
        "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string all = client.readAll();
    EXPECT_LT(all.find("\r\n\r\n/1"), all.find("\r\n\r\n/2"));
    EXPECT_LT(all.find("\r\n\r\n/2"), all.find("\r\n\r\n/3"));
    EXPECT_NE(all.find("/3"), std::string::npos);
    EXPECT_TRUE(client.peerClosed());
}

TEST(Serving, ReadsAHeadThatDripsInByteByByte) {
    TestServer server;
    RawSocket client = server.client();
    for (const char c : std::string_view("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")) client.send({&c, 1});
    EXPECT_TRUE(client.readUntil("ok").starts_with("HTTP/1.1 200"));
}

TEST(Serving, AnswersHeadWithoutBody) {
    TestServer server;
    RawSocket client = server.client();
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string answer = client.readAll();
    EXPECT_NE(answer.find("Content-Length: 2\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Serving, CollectsBodiesOfBothFramings) {
    TestServer server;
    server.dispatcher().handle = [](net::Exchange& exchange) {
        exchange.collect(
            100, [](net::Exchange& same, std::string body) { same.reply(net::Reply::text(200, "[" + body + "]")); });
    };
    RawSocket client = server.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_TRUE(client.readUntil("[hello]").ends_with("[hello]"));
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    client.send("2\r\nde\r\n0\r\nX-Trailer: x\r\n\r\n");
    EXPECT_TRUE(client.readUntil("[abcde]").ends_with("[abcde]"));
    client.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.readUntil("[]").ends_with("[]"));
}

TEST(Serving, RefusesBodiesOverTheLimit) {
    for (const char* request :
         {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n"}) {
        TestServer server;
        server.dispatcher().handle = [](net::Exchange& exchange) {
            exchange.collect(10, [](net::Exchange& same, std::string) { same.reply(net::Reply::text(200, "no")); });
        };
        RawSocket client = server.client();
        client.send(request);
        EXPECT_TRUE(client.readAll().starts_with("HTTP/1.1 413 ")) << request;
        EXPECT_EQ(server.metric(net::Counter::kRefusedBodyTooLong), 1U);
    }
}

TEST(Serving, SaysContinueOnlyWhenTheBodyIsWanted) {
    TestServer server;
    server.dispatcher().handle = [](net::Exchange& exchange) {
        if (exchange.head().target == "/no") return exchange.reply(net::Reply::text(403, "no"));
        exchange.collect(100, [](net::Exchange& same, std::string body) { same.reply(net::Reply::text(200, body)); });
    };
    RawSocket client = server.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.readUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hi");
    EXPECT_TRUE(client.readUntil("\r\n\r\nhi").starts_with("HTTP/1.1 200"));
    client.send("POST /no HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    const std::string refusal = client.readAll();
    EXPECT_TRUE(refusal.starts_with("HTTP/1.1 403")) << refusal;
    EXPECT_NE(refusal.find("Connection: close\r\n"), std::string::npos) << "the body may still come";
}

TEST(Serving, DeliversAnAnswerAlthoughABodyIsStillComing) {
    TestServer server;
    server.dispatcher().handle = [](net::Exchange& exchange) { exchange.reply(net::Reply::text(403, "early")); };
    RawSocket client = server.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
    client.send(std::string(3000000, 'x'));
    EXPECT_TRUE(client.readAll().ends_with("early"));
}

TEST(Serving, HoldsAnExchangeForAWorker) {
    TestServer server;
    net::WorkerPool pool({"test", 1, 10});
    server.dispatcher().handle = [&](net::Exchange& exchange) {
        const net::ExchangeRef ref = exchange.hold();
        ASSERT_TRUE(pool.submit([ref] {
            ref.post([](net::Exchange& same) {
                same.reply(net::Reply::text(200, "late " + std::string(same.head().target)));
            });
        }));
    };
    RawSocket client = server.client();
    client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /y HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.readUntil("late /x").starts_with("HTTP/1.1 200"));
    EXPECT_TRUE(client.readUntil("late /y").starts_with("HTTP/1.1 200"));
}

TEST(Serving, TellsWhenTheClientOfAHeldExchangeIsGone) {
    TestServer server;
    std::atomic<bool> cancelled = false;
    HeldExchange held;
    server.dispatcher().handle = [&](net::Exchange& exchange) {
        held.put(exchange.hold());
        exchange.onCancel([&] { cancelled = true; });
    };
    RawSocket client = server.client();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(server.waitMetric(net::Counter::kActiveExchanges, 1));
    client.abort();
    EXPECT_TRUE(eventually([&] { return cancelled.load(); }));
    EXPECT_FALSE(held.get().alive());
    held.get().post([](net::Exchange&) { FAIL() << "the exchange is gone"; });
    ASSERT_TRUE(server.dispatcher().waitEnded(1));
    EXPECT_TRUE(server.dispatcher().ended()[0].clientAborted);
}

TEST(Serving, GivesUpAHeldExchangeAfterItsTime) {
    net::ServerConfig config;
    config.limits.holdTimeout = 50ms;
    TestServer server(config);
    server.dispatcher().handle = [](net::Exchange& exchange) { exchange.hold(); };
    RawSocket client = server.client();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = client.readUntil("\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
    EXPECT_NE(answer.find("Retry-After: "), std::string::npos);
}

TEST(Serving, AnswersFiveHundredWhenNothingWasDecided) {
    TestServer server;
    server.dispatcher().handle = [](net::Exchange&) {};
    RawSocket client = server.client();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 500 "));
    EXPECT_EQ(server.metric(net::Counter::kUndecided), 1U);
}

TEST(Serving, DropsReplyFieldsThatWouldSplitTheAnswer) {
    TestServer server;
    server.dispatcher().handle = [](net::Exchange& exchange) {
        exchange.reply(net::Reply::empty(200)
                           .with("X-A", "b\r\nSet-Cookie: evil=1")
                           .with("Content-Length", "99")
                           .with("X:B", "c")
                           .with("X-Good", "d"));
    };
    RawSocket client = server.client();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = client.readUntil("\r\n\r\n");
    EXPECT_EQ(answer.find("evil"), std::string::npos);
    EXPECT_EQ(answer.find("99"), std::string::npos);
    EXPECT_NE(answer.find("X-Good: d"), std::string::npos);
    EXPECT_EQ(server.metric(net::Counter::kReplyFieldRefused), 3U);
}

TEST(Serving, SendsALargeBodyToASlowReader) {
    TestServer server;
    const auto body = std::make_shared<const std::string>(20 * 1000 * 1000, 'x');
    server.dispatcher().handle = [&](net::Exchange& exchange) {
        net::Reply reply;
        reply.body = body;
        exchange.reply(std::move(reply));
    };
    RawSocket client = server.client();
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string head = client.readUntil("\r\n\r\n");
    EXPECT_EQ(client.readAll().size(), body->size());
}

TEST(Limits, CutOffSlowHeadsAndIdleConnections) {
    net::ServerConfig config;
    config.limits.headTimeout = 100ms;
    config.limits.keepAliveTimeout = 100ms;
    TestServer server(config);
    RawSocket slow = server.client();
    slow.send("GET / HTTP/1.1\r\n");
    EXPECT_TRUE(slow.readAll().starts_with("HTTP/1.1 408 "));
    RawSocket idle = server.client();
    idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(idle.readUntil("ok").ends_with("ok"));
    EXPECT_EQ(idle.readAll(), "");
    EXPECT_TRUE(idle.peerClosed());
    EXPECT_EQ(server.metric(net::Counter::kTimeoutHead), 1U);
    EXPECT_EQ(server.metric(net::Counter::kTimeoutIdle), 1U);
}

TEST(Limits, DrippingDoesNotPutTheHeadDeadlineOff) {
    net::ServerConfig config;
    config.limits.headTimeout = 200ms;
    TestServer server(config);
    RawSocket slow = server.client();
    slow.send("GET / HTTP/1.1\r\nX: ");
    const auto start = std::chrono::steady_clock::now();
    while (!slow.peerClosed() && std::chrono::steady_clock::now() - start < 3s) {
        slow.send("x");
        slow.readSome(1000, 20ms);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1500ms);
}

TEST(Limits, CutOffSlowBodies) {
    net::ServerConfig config;
    config.limits.bodyTimeout = 100ms;
    TestServer server(config);
    server.dispatcher().handle = [](net::Exchange& exchange) {
        exchange.collect(100, [](net::Exchange& same, std::string) { same.reply(net::Reply::empty(200)); });
    };
    RawSocket slow = server.client();
    slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
    EXPECT_TRUE(slow.readAll().starts_with("HTTP/1.1 408 "));
}

TEST(Limits, CutOffBodiesBelowTheRate) {
    net::ServerConfig config;
    config.limits.bodyRateGrace = 1000ms;
    config.limits.minBodyRate = 10000;
    TestServer server(config);
    server.dispatcher().handle = [](net::Exchange& exchange) {
        exchange.collect(100000, [](net::Exchange& same, std::string) { same.reply(net::Reply::empty(200)); });
    };
    RawSocket slow = server.client();
    slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n");
    std::string answer;
    for (int i = 0; i < 100 && answer.empty() && !slow.peerClosed(); ++i) {
        slow.send("x");
        answer = slow.readSome(1000, 50ms);
    }
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
    EXPECT_EQ(server.metric(net::Counter::kTimeoutBodyRate), 1U);
}

TEST(Limits, RefuseLongHeads) {
    net::ServerConfig config;
    config.limits.maxHeadBytes = 4096;
    TestServer server(config);
    RawSocket target = server.client();
    target.send("GET /" + std::string(5000, 'a'));
    EXPECT_TRUE(target.readAll().starts_with("HTTP/1.1 414 "));
    RawSocket fields = server.client();
    fields.send("GET / HTTP/1.1\r\nX: " + std::string(5000, 'a'));
    EXPECT_TRUE(fields.readAll().starts_with("HTTP/1.1 431 "));
    RawSocket whole = server.client();
    whole.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(5000, 'a') + "\r\n\r\n");
    EXPECT_TRUE(whole.readAll().starts_with("HTTP/1.1 431 "));
    EXPECT_EQ(server.metric(net::Counter::kRefusedHeadTooLong), 3U);
}

TEST(Limits, BoundConnectionsPerClientAndInAll) {
    net::ServerConfig config;
    config.limits.maxConnectionsPerClient = 2;
    TestServer perClient(config);
    RawSocket first = perClient.client();
    RawSocket second = perClient.client();
    ASSERT_TRUE(perClient.waitMetric(net::Counter::kActiveConnections, 2));
    RawSocket third = perClient.client();
    EXPECT_EQ(third.readAll(), "");
    EXPECT_TRUE(third.peerClosed());
    first.close();
    EXPECT_TRUE(eventually([&] { return perClient.metric(net::Counter::kActiveConnections) == 1; }));
    RawSocket fourth = perClient.client();
    fourth.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(fourth.readUntil("ok").starts_with("HTTP/1.1 200"));

    net::ServerConfig all;
    all.limits.maxConnections = 1;
    TestServer total(all);
    RawSocket only = total.client();
    ASSERT_TRUE(total.waitMetric(net::Counter::kActiveConnections, 1));
    RawSocket refused = total.client();
    refused.readAll();
    EXPECT_TRUE(refused.peerClosed());
    EXPECT_EQ(total.metric(net::Counter::kRefusedConnectionLimit), 1U);
}

TEST(Drain, LetsExchangesEndAndClosesTheRest) {
    TestServer server;
    HeldExchange held;
    server.dispatcher().handle = [&](net::Exchange& exchange) { held.put(exchange.hold()); };
    RawSocket busy = server.client();
    busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    RawSocket idle = server.client();
    ASSERT_TRUE(server.waitMetric(net::Counter::kActiveExchanges, 1));
    ASSERT_TRUE(server.waitMetric(net::Counter::kActiveConnections, 2));
    std::thread stopper([&] { EXPECT_TRUE(server.server().stop(5s)); });
    EXPECT_EQ(idle.readAll(), "");
    EXPECT_TRUE(idle.peerClosed());
    held.get().post([](net::Exchange& exchange) { exchange.reply(net::Reply::text(200, "done")); });
    const std::string answer = busy.readAll();
    EXPECT_TRUE(answer.ends_with("done"));
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    stopper.join();
    EXPECT_FALSE(server.client().open());
}

TEST(Drain, CutsOffWhatDoesNotEnd) {
    TestServer server;
    server.dispatcher().handle = [](net::Exchange& exchange) { exchange.hold(); };
    RawSocket busy = server.client();
    busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(server.waitMetric(net::Counter::kActiveExchanges, 1));
    EXPECT_FALSE(server.server().stop(100ms));
    busy.readAll();
    EXPECT_TRUE(busy.peerClosed());
    EXPECT_EQ(server.dispatcher().ended().size(), 1U);
}

}  // namespace
}  // namespace yimen::test
