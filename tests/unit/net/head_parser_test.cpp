#include "net/head_parser.h"

#include <gtest/gtest.h>

#include <string>

#include "net/field_rules.h"

namespace yimen::net {
namespace {

/// One parse with its storage.
struct Parsed {
    std::string bytes;
    std::vector<Field> fields;
    RequestHead head;
    HeadError error = HeadError::kNone;

    explicit Parsed(std::string text, const ServerLimits& limits = {}) : bytes(std::move(text)) {
        HeadScanner scanner;
        if (scanner.scan(bytes) != HeadScanner::Outcome::kComplete) {
            error = HeadError::kBad;
            return;
        }
        const std::string_view all = std::string_view(bytes).substr(scanner.start(), scanner.end() - scanner.start());
        error = parseRequest(all, limits, fields, head);
    }
};

HeadError errorOf(const std::string& fieldLines, const std::string& line = "GET / HTTP/1.1") {
    return Parsed(line + "\r\nHost: a.example\r\n" + fieldLines + "\r\n").error;
}

TEST(RequestParser, ReadsABrowserRequest) {
    const Parsed parsed(
        "GET /a/b?c=d%20e HTTP/1.1\r\nHost: dl-1.yimen.example:8443\r\nUser-Agent: Mozilla/5.0\r\n"
        "Accept: */*\r\nCookie: a=b; c=d\r\nX-Empty:\r\nX-Spaces: \t v w \t\r\n\r\n");
    ASSERT_EQ(parsed.error, HeadError::kNone);
    EXPECT_EQ(parsed.head.method, "GET");
    EXPECT_EQ(parsed.head.target, "/a/b?c=d%20e");
    EXPECT_EQ(parsed.head.host, "dl-1.yimen.example:8443");
    EXPECT_TRUE(parsed.head.keepAlive);
    EXPECT_EQ(parsed.head.bodyKind, BodyKind::kNone);
    ASSERT_NE(parsed.head.find("cookie"), nullptr);
    EXPECT_EQ(parsed.head.find(FieldId::kCookie)->value, "a=b; c=d");
    EXPECT_EQ(parsed.head.find("x-empty")->value, "");
    EXPECT_EQ(parsed.head.find("X-SPACES")->value, "v w");
    EXPECT_EQ(parsed.head.find("X-None"), nullptr);
}

TEST(RequestParser, KeepsEncodedWordsLiteral) {
    // Poco 1.11 decodes this into two header lines: identity takeover.
    const Parsed parsed("GET / HTTP/1.1\r\nHost: a\r\nX-A: =?UTF-8?B?YQ0KWC1SZW1vdGUtVXNlcjogcm9vdA==?=\r\n\r\n");
    ASSERT_EQ(parsed.error, HeadError::kNone);
    EXPECT_EQ(parsed.head.fields.size(), 2U);
    EXPECT_EQ(parsed.head.find("X-A")->value, "=?UTF-8?B?YQ0KWC1SZW1vdGUtVXNlcjogcm9vdA==?=");
}

TEST(RequestParser, RefusesAmbiguousFraming) {
    const std::string post = "POST / HTTP/1.1";
    for (const char* lines : {
             "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
             "Content-Length: 5\r\nContent-Length: 6\r\n",
             "Content-Length: 5\r\nContent-Length: 5\r\n",
             "Content-Length: 5, 5\r\n",
             "Content-Length: +5\r\n",
             "Content-Length: -5\r\n",
             "Content-Length: 0x5\r\n",
             "Content-Length: 5 5\r\n",
             "Content-Length: 5;\r\n",
             "Content-Length:\r\n",
             "Content-Length: 1000000000000000000\r\n",
             "Content-Length : 5\r\n",
             "Transfer-Encoding : chunked\r\n",
             "Transfer-Encoding: xchunked\r\n",
             "Transfer-Encoding: gzip, chunked\r\n",
             "Transfer-Encoding: chunked, chunked\r\n",
             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: identity\r\n",
             "Transfer-Encoding: \"chunked\"\r\n",
             "Transfer-Encoding:\r\n",
             "Transfer-Encoding: chunked;q=1\r\n",
             "Transfer-Encoding: \x0b"
             "chunked\r\n",
         }) {
        EXPECT_EQ(errorOf(lines, post), HeadError::kBad) << lines;
    }
    EXPECT_EQ(errorOf("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0"), HeadError::kBad);
}

TEST(RequestParser, ReadsTheTwoFramings) {
    const Parsed length("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0042\r\n\r\n");
    ASSERT_EQ(length.error, HeadError::kNone);
    EXPECT_EQ(length.head.bodyKind, BodyKind::kLength);
    EXPECT_EQ(length.head.contentLength, 42U);
    const Parsed chunked("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n");
    ASSERT_EQ(chunked.error, HeadError::kNone);
    EXPECT_EQ(chunked.head.bodyKind, BodyKind::kChunked);
}

TEST(RequestParser, TakesNoLongerNameForFraming) {
    // libhttp-parser takes the first for a second Transfer-Encoding; found by fuzzing.
    for (const char* other :
         {"Transfer-Encodinghu: gzip\r\n", "Content-Length2: 7\r\n", "X-Transfer-Encoding: gzip\r\n"}) {
        const Parsed chunked(std::string("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n") + other +
                             "\r\n");
        ASSERT_EQ(chunked.error, HeadError::kNone) << other;
        EXPECT_EQ(chunked.head.bodyKind, BodyKind::kChunked) << other;
        EXPECT_EQ(Parsed(std::string("GET / HTTP/1.1\r\nHost: a\r\n") + other + "\r\n").head.bodyKind, BodyKind::kNone)
            << other;
    }
}

TEST(RequestParser, RefusesBadFieldLines) {
    for (const std::string& lines : {
             std::string("X-A: b\r\n c\r\n"),
             std::string("X-A: b\r\n\tc\r\n"),
             std::string(" X-A: b\r\n"),
             std::string("NoColon\r\n"),
             std::string(": v\r\n"),
             std::string("X A: b\r\n"),
             std::string("X-A : b\r\n"),
             std::string("X-A\t: b\r\n"),
             std::string("X-A: b\rc\r\n"),
             std::string("X-A: b\0c\r\n", 11),
             std::string("X-A: b\x7f\r\n"),
             std::string("X-A: \x01\r\n"),
             std::string("X(A): b\r\n"),
             std::string("X-\xc3\xa4: b\r\n"),
             std::string("X-A: b\n"),
             std::string("X-A: b\nX-B: c\r\n"),
             std::string("X-A: b\r\r\n"),
             std::string("X-Long-Value: 12345678\x02 90123456\r\n"),
         }) {
        EXPECT_EQ(errorOf(lines), HeadError::kBad) << lines;
    }
    EXPECT_EQ(errorOf("X-A: \xd6\xd0\xce\xc4 tab\tinside\r\n"), HeadError::kNone) << "obs-text and HTAB are allowed";
}

TEST(RequestParser, RefusesBadRequestLines) {
    for (const char* line : {"GET /",
                             "GET  / HTTP/1.1",
                             "GET /  HTTP/1.1",
                             " GET / HTTP/1.1",
                             "GET / HTTP/1.1 ",
                             "GET / http/1.1",
                             "GET / HTTP/1.10",
                             "GET / HTTP/1,1",
                             "G(T / HTTP/1.1",
                             "GET /a b HTTP/1.1",
                             "GET /a\tb HTTP/1.1",
                             "GET /a#b HTTP/1.1",
                             "GET /a\\b HTTP/1.1",
                             "GET /\xe4 HTTP/1.1",
                             "GET * HTTP/1.1",
                             "OPTIONS * HTTP/1.1",
                             "GET a.example HTTP/1.1",
                             "GET a.example:80 HTTP/1.1",
                             "GET ftp://a.example/ HTTP/1.1",
                             "GET http://other.example/ HTTP/1.1",
                             "GET http://u@a.example/ HTTP/1.1",
                             "GET http://a.example?q HTTP/1.1",
                             "GET /<script> HTTP/1.1",
                             "GET /\"x HTTP/1.1",
                             "/ HTTP/1.1",
                             "GET HTTP/1.1",
                             "GET\t/ HTTP/1.1"}) {
        EXPECT_EQ(errorOf("", line), HeadError::kBad) << line;
    }
    EXPECT_EQ(errorOf("", "GET / HTTP/2.0"), HeadError::kVersionRefused);
    EXPECT_EQ(errorOf("", "GET / HTTP/1.2"), HeadError::kVersionRefused);
    EXPECT_EQ(errorOf("", "GET / HTTP/0.9"), HeadError::kVersionRefused);
    EXPECT_EQ(errorOf("", "CONNECT a.example:80 HTTP/1.1"), HeadError::kMethod);
    EXPECT_EQ(errorOf("", "TRACE / HTTP/1.1"), HeadError::kMethod);
}

TEST(RequestParser, CutsAbsoluteFormDownToItsPath) {
    const Parsed parsed("GET HTTP://A.example/x?y HTTP/1.1\r\nHost: a.EXAMPLE\r\n\r\n");
    ASSERT_EQ(parsed.error, HeadError::kNone);
    EXPECT_EQ(parsed.head.target, "/x?y");
    EXPECT_EQ(Parsed("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n").head.target, "/");
}

TEST(RequestParser, WantsExactlyOneValidHost) {
    for (const char* hosts :
         {"", "Host:\r\n", "Host: a\r\nHost: a\r\n", "Host: a, b\r\n", "Host: a b\r\n", "Host: a/b\r\n",
          "Host: u@a\r\n", "Host: a:\r\n", "Host: a:123456\r\n", "Host: a:x\r\n", "Host: [::1\r\n", "Host: [x]\r\n",
          "Host: a%00\r\n", "Host: \xc3\xa4.example\r\n", "Host: a\r\nConnection: host\r\n"}) {
        EXPECT_EQ(Parsed("GET / HTTP/1.1\r\n" + std::string(hosts) + "\r\n").error, HeadError::kBad) << hosts;
    }
    EXPECT_EQ(Parsed("GET / HTTP/1.0\r\n\r\n").error, HeadError::kBad);
    EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n").head.host, "[2001:db8::1]:443");
}

TEST(RequestParser, MarksWhatBelongsToTheConnection) {
    const Parsed parsed(
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Remote-User\r\nKeep-Alive: 5\r\nX-Remote-User: root\r\n"
        "TE: trailers\r\nTrailer: x\r\nProxy-Connection: close\r\nUpgrade: x\r\nExpect: 100-continue\r\nX-B: "
        "c\r\n\r\n");
    ASSERT_EQ(parsed.error, HeadError::kNone);
    for (const Field& field : parsed.head.fields) {
        EXPECT_EQ(field.hop, field.name != "Host" && field.name != "X-B") << field.name;
    }
    EXPECT_TRUE(parsed.head.expectContinue);
    EXPECT_FALSE(parsed.head.upgrade) << "Connection does not name upgrade";
    EXPECT_EQ(errorOf("Connection: content-length\r\nContent-Length: 1\r\n"), HeadError::kBad);
    EXPECT_EQ(errorOf("Connection: a b\r\n"), HeadError::kBad);
    EXPECT_EQ(errorOf("Expect: 200-ok\r\n"), HeadError::kExpectation);
}

TEST(RequestParser, KnowsWhenTheConnectionStays) {
    const auto keeps = [](const char* version, const char* lines) {
        return Parsed(std::string("GET / ") + version + "\r\nHost: a\r\n" + lines + "\r\n").head.keepAlive;
    };
    EXPECT_TRUE(keeps("HTTP/1.1", ""));
    EXPECT_FALSE(keeps("HTTP/1.1", "Connection: Close\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.1", "Connection: keep-alive\r\nConnection: x, close\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.0", ""));
    EXPECT_TRUE(keeps("HTTP/1.0", "Connection: Keep-Alive\r\n"));
}

TEST(RequestParser, SeesAnUpgradeOnlyWithoutBody) {
    const char* const lines = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    const auto upgrade = [&](const std::string& more, const char* version) {
        return Parsed(std::string("GET / ") + version + "\r\nHost: a\r\n" + lines + more + "\r\n").head.upgrade;
    };
    EXPECT_TRUE(upgrade("", "HTTP/1.1"));
    EXPECT_FALSE(upgrade("", "HTTP/1.0"));
    EXPECT_FALSE(upgrade("Content-Length: 5\r\n", "HTTP/1.1"));
}

TEST(RequestParser, DropsNamesWithUnderscore) {
    const std::string text = "GET / HTTP/1.1\r\nHost: a\r\nX_Remote_User: root\r\n\r\n";
    EXPECT_EQ(Parsed(text).head.fields.size(), 1U);
    ServerLimits limits;
    limits.underscoreNames = true;
    EXPECT_EQ(Parsed(text, limits).head.fields.size(), 2U);
}

TEST(RequestParser, KeepsToItsLimits) {
    ServerLimits limits;
    limits.maxFields = 2;
    limits.maxFieldBytes = 20;
    limits.maxTargetBytes = 5;
    EXPECT_EQ(Parsed("GET /1234 HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n", limits).error, HeadError::kNone);
    EXPECT_EQ(Parsed("GET /12345 HTTP/1.1\r\nHost: a\r\n\r\n", limits).error, HeadError::kTargetTooLong);
    EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 2\r\n\r\n", limits).error, HeadError::kFieldsTooLarge);
    EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: a\r\nX: 123456789012345678\r\n\r\n", limits).error,
              HeadError::kFieldsTooLarge);
}

TEST(HeadScanner, FindsTheEndWhereverTheBytesAreCut) {
    const std::string text = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
    for (std::size_t cut = 0; cut + 4 < text.size(); ++cut) {
        HeadScanner scanner;
        EXPECT_EQ(scanner.scan(std::string_view(text).substr(0, cut)), HeadScanner::Outcome::kMore) << cut;
        EXPECT_EQ(scanner.scan(text), HeadScanner::Outcome::kComplete);
        EXPECT_EQ(scanner.start(), 2U);
        EXPECT_EQ(text.substr(scanner.end()), "rest");
    }
}

TEST(HeadScanner, RefusesBareLineFeedsAtOnce) {
    for (const char* text : {"\n", "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\nHost: a\n", "\r\n\r\n", "\r\n\n"}) {
        HeadScanner scanner;
        EXPECT_EQ(scanner.scan(text), HeadScanner::Outcome::kBad) << text;
    }
}

struct ParsedResponse {
    std::string bytes;
    std::vector<Field> fields;
    ResponseHead head;
    bool ok;

    explicit ParsedResponse(std::string text, ResponseContext context = {})
        : bytes(std::move(text)), ok(parseResponse(bytes, context, fields, head)) {}
};

TEST(ResponseParser, ReadsAnAnswer) {
    const ParsedResponse parsed("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n");
    ASSERT_TRUE(parsed.ok);
    EXPECT_EQ(parsed.head.status, 200);
    EXPECT_EQ(parsed.head.reason, "OK");
    EXPECT_EQ(parsed.head.bodyKind, BodyKind::kLength);
    EXPECT_EQ(parsed.head.count("set-cookie"), 2U);
    EXPECT_TRUE(parsed.head.keepAlive);
    EXPECT_TRUE(ParsedResponse("HTTP/1.1 200\r\n\r\n").ok) << "the space before an empty reason is often left out";
}

TEST(ResponseParser, FramesByRequestAndStatus) {
    const std::string length = "Content-Length: 9\r\n\r\n";
    EXPECT_EQ(ParsedResponse("HTTP/1.1 200 OK\r\n" + length, {true, false}).head.bodyKind, BodyKind::kNone);
    EXPECT_EQ(ParsedResponse("HTTP/1.1 304 Not Modified\r\n" + length).head.bodyKind, BodyKind::kNone);
    EXPECT_EQ(ParsedResponse("HTTP/1.1 204 No Content\r\n\r\n").head.bodyKind, BodyKind::kNone);
    EXPECT_EQ(ParsedResponse("HTTP/1.1 200 OK\r\n\r\n").head.bodyKind, BodyKind::kUntilClose);
    EXPECT_FALSE(ParsedResponse("HTTP/1.1 200 OK\r\n\r\n").head.keepAlive);
    EXPECT_EQ(ParsedResponse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").head.bodyKind,
              BodyKind::kChunked);
}

TEST(ResponseParser, RefusesWhatCouldBeReadTwice) {
    for (const char* text : {
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
             "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n",
             "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n",
             "HTTP/1.1 200 OK\r\nX-A : b\r\n\r\n",
             "HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\n\r\n",
             "HTTP/1.1 200 OK\r\nX-A: b\x01\r\n\r\n",
             "HTTP/1.1 20 OK\r\n\r\n",
             "HTTP/1.1 2000 OK\r\n\r\n",
             "HTTP/1.1 600 OK\r\n\r\n",
             "HTTP/2.0 200 OK\r\n\r\n",
             "HTTP/1.1  200 OK\r\n\r\n",
             "ICY 200 OK\r\n\r\n",
             "HTTP/1.1 200 O\x01K\r\n\r\n",
             "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
         }) {
        EXPECT_FALSE(ParsedResponse(text).ok) << text;
    }
    EXPECT_TRUE(
        ParsedResponse("HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", {false, true}).ok);
    EXPECT_FALSE(ParsedResponse("HTTP/1.1 101 S\r\n\r\n", {false, true}).ok);
}

TEST(ContentLength, TakesDigitsOnly) {
    std::uint64_t length = 0;
    EXPECT_TRUE(parseContentLength("999999999999999999", length));
    EXPECT_EQ(length, 999999999999999999U);
    EXPECT_FALSE(parseContentLength("", length));
    EXPECT_FALSE(parseContentLength("1e3", length));
    EXPECT_FALSE(parseContentLength("9999999999999999999", length));
}

}  // namespace
}  // namespace yimen::net
