// What a response filter may do with an answer.
#include <gtest/gtest.h>

#include "net/response_filter.h"
#include "test_server.h"

namespace yimen::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n";

/// A filter made of functions.
class TestFilter final : public net::ResponseFilter {
public:
    std::function<net::FilterDecision(net::Exchange&, const net::ResponseHead&, std::string&)> response;
    std::function<net::FilterDecision(net::Exchange&, std::string_view, bool)> prefix;
    std::function<void(net::Exchange&, net::UpstreamError)> error;

    net::FilterDecision onResponse(net::Exchange& exchange, const net::ResponseHead& head, std::string& out) override {
        return response(exchange, head, out);
    }
    net::FilterDecision onBodyPrefix(net::Exchange& exchange, const net::ResponseHead& head, std::string_view body,
                                     bool complete, std::string& out) override {
        if (!prefix) return ResponseFilter::onBodyPrefix(exchange, head, body, complete, out);
        net::FilterDecision decision = prefix(exchange, body, complete);
        if (decision.action == net::FilterDecision::Action::kSend) net::appendHead(head, out);
        return decision;
    }
    void onUpstreamError(net::Exchange& exchange, net::UpstreamError why) override {
        if (error) return error(exchange, why);
        ResponseFilter::onUpstreamError(exchange, why);
    }
};

struct Chain {
    Chain() {
        server.forwardTo(listener.port(), &filter);
        filter.response = [](net::Exchange&, const net::ResponseHead& head, std::string& out) {
            net::appendHead(head, out);
            return net::FilterDecision::send();
        };
        client = server.client();
    }
    void exchange(std::string_view answer, std::string_view request = kGet) {
        client.send(request);
        if (!upstream.open()) upstream = listener.accept();
        upstream.readUntil("\r\n\r\n");
        upstream.send(answer);
    }

    RawListener listener;
    TestFilter filter;
    TestServer server;
    RawSocket client;
    RawSocket upstream;
};

TEST(Filter, WritesTheHeadItWants) {
    Chain chain;
    chain.filter.response = [](net::Exchange&, const net::ResponseHead& head, std::string& out) {
        EXPECT_EQ(head.status, 302);
        out = "HTTP/1.1 303 See Other\r\nLocation: /else\r\n";
        return net::FilterDecision::send();
    };
    chain.exchange("HTTP/1.1 302 Found\r\nLocation: http://internal/\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(chain.client.readUntil("\r\n\r\n"),
              "HTTP/1.1 303 See Other\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n");
}

class Shout final : public net::BodyRewriter {
public:
    void write(std::string_view in, std::string& out) override {
        for (const char c : in) out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    }
    void finish(std::string& out) override { out += "!"; }
};

TEST(Filter, RewritesABodyAsItStreams) {
    Chain chain;
    chain.filter.response = [](net::Exchange&, const net::ResponseHead& head, std::string& out) {
        net::appendHead(head, out);
        return net::FilterDecision::send(std::make_unique<Shout>());
    };
    chain.exchange("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    EXPECT_TRUE(chain.client.readUntil("ABC\r\n").ends_with("Transfer-Encoding: chunked\r\n\r\n3\r\nABC\r\n"));
    chain.upstream.send("def");
    EXPECT_EQ(chain.client.readUntil("0\r\n\r\n"), "4\r\nDEF!\r\n0\r\n\r\n");
}

TEST(Filter, PeeksIntoABodyAndSendsItOn) {
    for (const bool chunked : {false, true}) {
        Chain chain;
        chain.filter.response = [](net::Exchange&, const net::ResponseHead&, std::string&) {
            return net::FilterDecision::peek(5);
        };
        std::string seen;
        chain.filter.prefix = [&](net::Exchange&, std::string_view body, bool complete) {
            seen = body;
            EXPECT_FALSE(complete);
            return net::FilterDecision::send();
        };
        chain.exchange(chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"
                               : "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nab");
        EXPECT_EQ(chain.client.readSome(100, 50ms), "");
        chain.upstream.send(chunked ? "6\r\ncdefgh\r\n0\r\n\r\n" : "cdefgh");
        const std::string answer = chain.client.readUntil(chunked ? "0\r\n\r\n" : "fgh");
        EXPECT_EQ(seen, "abcde");
        if (chunked) {
            EXPECT_TRUE(answer.ends_with("5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n")) << answer;
        } else {
            EXPECT_TRUE(answer.ends_with("Content-Length: 8\r\n\r\nabcdefgh")) << answer;
        }
    }
}

TEST(Filter, PeeksAtShortAndEmptyBodies) {
    for (const auto& [answer, body] : {std::pair{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "ab"},
                                       std::pair{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""},
                                       std::pair{"HTTP/1.1 204 No Content\r\n\r\n", ""}}) {
        Chain chain;
        chain.filter.response = [](net::Exchange&, const net::ResponseHead&, std::string&) {
            return net::FilterDecision::peek(1000);
        };
        std::string seen = "?";
        chain.filter.prefix = [&](net::Exchange&, std::string_view got, bool complete) {
            seen = got;
            EXPECT_TRUE(complete);
            return net::FilterDecision::send();
        };
        chain.exchange(answer);
        EXPECT_TRUE(chain.client.readUntil("\r\n\r\n" + std::string(body)).ends_with(body));
        EXPECT_EQ(seen, body);
    }
}

TEST(Filter, PeeksToTheEndOfAClosingAnswer) {
    Chain chain;
    chain.filter.response = [](net::Exchange&, const net::ResponseHead&, std::string&) {
        return net::FilterDecision::peek(1000);
    };
    chain.filter.prefix = [](net::Exchange& exchange, std::string_view body, bool complete) {
        exchange.reply(net::Reply::text(401, std::string(body) + (complete ? "." : "?")));
        return net::FilterDecision::discard();
    };
    chain.exchange("HTTP/1.1 200 OK\r\n\r\nlogin page");
    chain.upstream.close();
    EXPECT_TRUE(chain.client.readUntil("login page.").starts_with("HTTP/1.1 401 "));
}

TEST(Filter, DiscardsAnAnswerAndForwardsAgain) {
    Chain chain;
    int seen = 0;
    chain.filter.response = [&](net::Exchange& exchange, const net::ResponseHead& head, std::string& out) {
        if (++seen > 1) {
            net::appendHead(head, out);
            return net::FilterDecision::send();
        }
        net::Forward again;
        again.upstream = chain.server.upstream();
        again.head = "GET /again HTTP/1.1\r\nHost: a\r\n";
        again.filter = &chain.filter;
        exchange.forward(std::move(again));
        return net::FilterDecision::discard();
    };
    chain.exchange("HTTP/1.1 401 No\r\nContent-Length: 5\r\n\r\nlogin");
    EXPECT_TRUE(chain.upstream.readUntil("\r\n\r\n").starts_with("GET /again ")) << "on the same connection";
    chain.upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    const std::string answer = chain.client.readUntil("\r\n\r\nok");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamConnects), 1U);
    ASSERT_TRUE(chain.server.dispatcher().waitEnded(1));
}

TEST(Filter, HoldsDuringARenewalAndForwardsTheCollectedBodyAgain) {
    Chain chain;
    HeldExchange ref;
    const auto body = std::make_shared<const std::string>("a=b");
    int seen = 0;
    const auto forwardBody = [&](net::Exchange& exchange) {
        net::Forward forward;
        forward.upstream = chain.server.upstream();
        forward.head = "POST /x HTTP/1.1\r\nHost: a\r\n";
        forward.filter = &chain.filter;
        forward.body = body;
        exchange.forward(std::move(forward));
    };
    chain.server.dispatcher().handle = [&](net::Exchange& exchange) {
        exchange.collect(100, [&](net::Exchange& same, std::string got) {
            EXPECT_EQ(got, *body);
            forwardBody(same);
        });
    };
    chain.filter.response = [&](net::Exchange& exchange, const net::ResponseHead& head, std::string& out) {
        if (++seen == 1) {
            ref.put(exchange.hold());
            return net::FilterDecision::discard();
        }
        net::appendHead(head, out);
        return net::FilterDecision::send();
    };
    chain.client.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n");
    chain.upstream = chain.listener.accept();
    EXPECT_TRUE(chain.upstream.readUntil("a=b").ends_with("Content-Length: 3\r\n\r\na=b"));
    chain.upstream.send("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n");
    ASSERT_TRUE(eventually([&] { return ref.get().alive(); }));
    ref.get().post([&](net::Exchange& exchange) { forwardBody(exchange); });
    EXPECT_TRUE(chain.upstream.readUntil("a=b").ends_with("Content-Length: 3\r\n\r\na=b"));
    chain.upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
}

TEST(Filter, WillNotInventABodyThatIsGone) {
    Chain chain;
    chain.filter.response = [&](net::Exchange& exchange, const net::ResponseHead&, std::string&) {
        net::Forward again;
        again.upstream = chain.server.upstream();
        again.head = "POST /again HTTP/1.1\r\nHost: a\r\n";
        exchange.forward(std::move(again));
        return net::FilterDecision::discard();
    };
    chain.exchange("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 502 "));
}

TEST(Filter, AnswersForAnUpstreamThatCannotBeHad) {
    Chain chain;
    chain.filter.error = [](net::Exchange& exchange, net::UpstreamError why) {
        exchange.reply(net::Reply::text(503, "page: " + std::string(net::toString(why))));
    };
    chain.client.send(kGet);
    chain.upstream = chain.listener.accept();
    chain.upstream.abort();
    EXPECT_TRUE(chain.client.readUntil("page: ").starts_with("HTTP/1.1 503 "));
}

TEST(Filter, DiscardWithoutDecisionIsAnError) {
    Chain chain;
    chain.filter.response = [](net::Exchange&, const net::ResponseHead&, std::string&) {
        return net::FilterDecision::discard();
    };
    chain.exchange("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    EXPECT_TRUE(chain.client.readUntil("\r\n\r\n").starts_with("HTTP/1.1 500 "));
}

TEST(Pin, KeepsOneConnectionToOneKey) {
    Chain chain;
    chain.server.dispatcher().handle = [&](net::Exchange& exchange) {
        net::Forward forward;
        forward.upstream = chain.server.upstream();
        const std::string head = forwardHead(exchange.head());
        forward.head = head;
        forward.pin = exchange.head().target == "/anna" ? 1 : 2;
        exchange.forward(std::move(forward));
    };
    const auto ask = [&](const char* who, RawSocket& upstream) {
        chain.client.send("GET /" + std::string(who) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        if (!upstream.open()) upstream = chain.listener.accept();
        EXPECT_TRUE(upstream.readUntil("\r\n\r\n").starts_with("GET /" + std::string(who))) << who;
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        EXPECT_TRUE(chain.client.readUntil("\r\n\r\nok").starts_with("HTTP/1.1 200"));
    };
    RawSocket annas;
    RawSocket boris;
    for (int i = 0; i < 3; ++i) {
        ask("anna", annas);
        ask("boris", boris);
    }
    EXPECT_EQ(chain.server.metric(net::Counter::kUpstreamConnects), 2U);
}

}  // namespace
}  // namespace yimen::test
