// Nothing ambiguous reaches an upstream: every row of the smuggling table, judged by the upstream's raw bytes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "test_server.h"

namespace yimen::test {
namespace {

using namespace std::chrono_literals;

struct Seen {
    std::string status;    ///< of the first answer
    std::string upstream;  ///< all bytes that reached the upstream
};

/// Sends raw bytes as one connection, lets the upstream answer once if it is asked, returns what both saw.
Seen run(const std::string& bytes) {
    RawListener listener;
    TestServer server;
    server.forwardTo(listener.port());
    RawSocket client = server.client();
    client.send(bytes);
    client.finishWriting();
    Seen seen;
    // Whatever was accepted has been forwarded when the client's bytes are used up or refused.
    const bool refused = !eventually([&] {
        return server.metric(net::Counter::kForwards) + server.metric(net::Counter::kReplies) +
                   server.metric(net::Counter::kRefusedHead) + server.metric(net::Counter::kRefusedHeadTooLong) >
               0;
    });
    EXPECT_FALSE(refused) << bytes;
    if (server.metric(net::Counter::kForwards) > 0) {
        RawSocket upstream = listener.accept(300ms);
        if (upstream.open()) {
            seen.upstream = upstream.readUntil("\r\n\r\n");
            seen.upstream += upstream.readSome(100000, 30ms);
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            seen.upstream += upstream.readSome(100000, 30ms);
        }
    }
    seen.status = client.readUntil("\r\n\r\n", 2s).substr(0, 12);
    return seen;
}

struct Case {
    const char* name;
    std::string bytes;
    const char* status;
};

std::string withLines(const std::string& lines, const std::string& body = {}) {
    return "POST /p HTTP/1.1\r\nHost: a.example\r\n" + lines + "\r\n" + body;
}

TEST(Hygiene, RefusesEveryAmbiguousHead) {
    const std::string chunk = "0\r\n\r\n";
    const std::vector<Case> cases = {
        {"CL and TE", withLines("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunk), "400"},
        {"two CL", withLines("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), "400"},
        {"same CL twice", withLines("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), "400"},
        {"plus CL", withLines("Content-Length: +5\r\n", "hello"), "400"},
        {"space before TE colon", withLines("Transfer-Encoding : chunked\r\n", chunk), "400"},
        {"tab before TE colon", withLines("Transfer-Encoding\t: chunked\r\n", chunk), "400"},
        {"xchunked", withLines("Transfer-Encoding: xchunked\r\n", chunk), "400"},
        {"vertical tab chunked",
         withLines("Transfer-Encoding: \x0b"
                   "chunked\r\n",
                   chunk),
         "400"},
        {"TE list", withLines("Transfer-Encoding: identity, chunked\r\n", chunk), "400"},
        {"TE twice", withLines("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", chunk), "400"},
        {"TE on 1.0", "POST /p HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk, "400"},
        {"obs-fold", withLines("X-A: b\r\n c\r\nContent-Length: 0\r\n"), "400"},
        {"folded TE", withLines("Transfer-Encoding:\r\n chunked\r\n", chunk), "400"},
        {"no colon", withLines("NoColonHere\r\nContent-Length: 0\r\n"), "400"},
        {"NUL in value", withLines(std::string("X-A: a\0b\r\n", 10) + "Content-Length: 0\r\n"), "400"},
        {"NUL in name", withLines(std::string("X\0A: b\r\n", 8) + "Content-Length: 0\r\n"), "400"},
        {"two Host", "GET /p HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
        {"no Host", "GET /p HTTP/1.1\r\n\r\n", "400"},
        {"Host list", "GET /p HTTP/1.1\r\nHost: a, b\r\n\r\n", "400"},
        {"absolute form of another host", "GET http://b.example/p HTTP/1.1\r\nHost: a.example\r\n\r\n", "400"},
        {"bare LF line ends", "GET /p HTTP/1.1\nHost: a\n\n", "400"},
        {"one bare LF", "GET /p HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", "400"},
        {"bare CR", "GET /p HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", "400"},
        {"CR before CRLF", "GET /p HTTP/1.1\r\nHost: a\r\r\n\r\n", "400"},
        {"space before name", "GET /p HTTP/1.1\r\n Host: a\r\n\r\n", "400"},
        {"HTTP/0.9", "GET /p\r\n\r\n", "400"},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
        {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"CONNECT", "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n", "405"},
        {"TRACE", "TRACE /p HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
        {"space in target", "GET /p q HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"backslash in path", "GET /p\\..\\q HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"fragment in target", "GET /p#q HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"CL named by Connection", withLines("Connection: content-length\r\nContent-Length: 0\r\n"), "400"},
        {"Host named by Connection", withLines("Connection: host\r\nContent-Length: 0\r\n"), "400"},
    };
    for (const Case& one : cases) {
        const Seen seen = run(one.bytes);
        EXPECT_EQ(seen.status, std::string("HTTP/1.1 ") + one.status) << one.name;
        EXPECT_EQ(seen.upstream, "") << one.name;
    }
}

TEST(Hygiene, ForwardsLiteralWhatOthersDecode) {
    const Seen encoded = run("GET /p HTTP/1.1\r\nHost: a\r\nX-A: =?UTF-8?B?YQ0KWC1SZW1vdGUtVXNlcjogcm9vdA==?=\r\n\r\n");
    EXPECT_EQ(encoded.upstream,
              "GET /p HTTP/1.1\r\nHost: a\r\nX-A: =?UTF-8?B?YQ0KWC1SZW1vdGUtVXNlcjogcm9vdA==?=\r\n\r\n");
    const Seen underscore = run("GET /p HTTP/1.1\r\nHost: a\r\nX_Remote_User: root\r\n\r\n");
    EXPECT_EQ(underscore.upstream, "GET /p HTTP/1.1\r\nHost: a\r\n\r\n");
    const Seen nominated =
        run("GET /p HTTP/1.1\r\nHost: a\r\nConnection: X-Secret, close\r\nX-Secret: 1\r\nKeep-Alive: 5\r\n"
            "TE: trailers\r\nProxy-Connection: x\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n");
    EXPECT_EQ(nominated.upstream, "GET /p HTTP/1.1\r\nHost: a\r\nHTTP2-Settings: AAA\r\n\r\n");
}

const std::vector<std::string>& chunkedBodies() {
    static const std::string smuggled = "GET /evil HTTP/1.1\r\nHost: a\r\n\r\n";
    static const std::vector<std::string> bodies = {
        "4\r\nWiki\r\n0\r\n\r\n" + smuggled,
        "4\nWiki\n0\n\n" + smuggled,
        "4\r\nWiki\r\n0\r\n" + smuggled,
        "04;x\r\nWiki\r\n0\r\n\r\n",
        "4;\nWiki\r\n0\r\n\r\n" + smuggled,
        "4 \r\nWiki\r\n0\r\n\r\n",
        "0x4\r\nWiki\r\n0\r\n\r\n",
        "4\r\nWikiX\r\n0\r\n\r\n",
        "4\r\nWiki0\r\n\r\n",
        "0\r\nX: y\n\r\n" + smuggled,
        "4\r\nWiki\r\n0\r\n\r\n\r\n" + smuggled,
    };
    return bodies;
}

/// What may reach the upstream of one case with a valid head. Returns whether anything did.
bool checkForwarded(const std::string& length, bool chunked, const std::string& bytes) {
    RawListener listener;
    TestServer server;
    server.forwardTo(listener.port());
    RawSocket client = server.client();
    client.send(bytes);
    RawSocket upstream = listener.accept();
    const std::string head = upstream.readUntil("\r\n\r\n");
    if (head.empty()) {
        // The chunk syntax was refused before anything was sent.
        EXPECT_TRUE(chunked);
        EXPECT_TRUE(client.readUntil("\r\n").starts_with("HTTP/1.1 400 "));
        return false;
    }
    std::string framing = length.find("40") != std::string::npos  ? "Content-Length: 40"
                          : length.find('4') != std::string::npos ? "Content-Length: 4"
                                                                  : "Content-Length: 0";
    if (chunked) framing = "Transfer-Encoding: chunked";
    EXPECT_EQ(head, "POST /p HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n");
    client.finishWriting();
    const std::string rest = upstream.readSome(1000, std::chrono::milliseconds(15));
    // Our own spelling of the chunks read so far, and never a byte behind them.
    EXPECT_TRUE(!chunked || rest.empty() || rest == "4\r\nWiki\r\n" || rest == "4\r\nWiki\r\n0\r\n\r\n" ||
                rest == "0\r\n\r\n")
        << rest;
    return true;
}

bool refusedAtOnce(const std::string& bytes) {
    TestServer server;
    RawSocket client = server.client();
    client.send(bytes);
    return client.readUntil("\r\n").starts_with("HTTP/1.1 400 ") && server.metric(net::Counter::kReplies) == 0;
}

/// CL x TE x chunk syntax x line ends. Whatever is forwarded must be one request in our own spelling.
TEST(Hygiene, ForwardsOneReadingOrNone) {
    const std::vector<std::pair<std::string, bool>> lengths = {{"", true},
                                                               {"Content-Length: 4\r\n", true},
                                                               {"Content-Length: 40\r\n", true},
                                                               {"Content-Length:4\r\n", true},
                                                               {"Content-Length: 4\r\nContent-Length: 40\r\n", false},
                                                               {"Content-Length: 4,4\r\n", false},
                                                               {"Content-Length : 4\r\n", false}};
    const std::vector<std::pair<std::string, bool>> encodings = {{"", true},
                                                                 {"Transfer-Encoding: chunked\r\n", true},
                                                                 {"Transfer-Encoding: CHUNKED\r\n", true},
                                                                 {"Transfer-Encoding: x\r\n", false},
                                                                 {"Transfer-Encoding: chunked\n", false},
                                                                 {"Transfer-Encoding : chunked\r\n", false},
                                                                 {"Transfer-Encoding:\r\n chunked\r\n", false}};
    unsigned forwarded = 0;
    for (const auto& [length, lengthValid] : lengths) {
        for (const auto& [encoding, encodingValid] : encodings) {
            const bool valid = lengthValid && encodingValid && (length.empty() || encoding.empty());
            for (const std::string& body : chunkedBodies()) {
                SCOPED_TRACE(length + encoding + body);
                const std::string bytes = "POST /p HTTP/1.1\r\nHost: a\r\n" + length + encoding + "\r\n" + body;
                if (!valid) {
                    EXPECT_TRUE(refusedAtOnce(bytes));
                } else if (checkForwarded(length, !encoding.empty(), bytes)) {
                    ++forwarded;
                }
            }
        }
    }
    EXPECT_GT(forwarded, 40U);
}

TEST(Hygiene, KeepsThePathAsItWas) {
    // Deciding about paths is core::canonicalPath's task; the data plane must hand on the very bytes it showed.
    for (const char* target : {"/a/../b", "/a/%2e%2e/b", "/a%2fb", "/a//b", "/a;x=y/b", "/%00", "/a?b=\\c", "/a?x={|}",
                               "/a%252fb", "/.%2e/"}) {
        const Seen seen = run("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_TRUE(seen.upstream.starts_with("GET " + std::string(target) + " HTTP/1.1\r\n")) << target;
    }
}

TEST(Hygiene, NeverPoisonsTheNextRequestOnAKeptConnection) {
    RawListener listener;
    TestServer server;
    server.forwardTo(listener.port());
    RawSocket attacker = server.client();
    attacker.send("GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\nGET /evil HTTP/1.1\r\nHost: a\r\n\r\nxx");
    RawSocket upstream = listener.accept();
    EXPECT_TRUE(upstream.readUntil("\r\n\r\nxx").ends_with("xx"));
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    attacker.readUntil("\r\n\r\n");
    RawSocket victim = server.client();
    victim.send("GET /victim HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(upstream.readUntil("\r\n\r\n").starts_with("GET /victim HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace yimen::test
