#include "sync/sources/http_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/bytes.h"
#include "crypto/digest.h"
#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

using fixture::field;
using fixture::Outside;
using fixture::query;
using fixture::specOf;
using ::testing::HasSubstr;

http::ClientRequest build(const std::string& source, const std::string& read, const RequestValues& values = {}) {
    Outside outside([](const auto&) { return fixture::answer(""); });
    const auto spec = specOf(source, read + "format: json\ncolumns: [a]\n");
    EXPECT_TRUE(spec.ok()) << (spec.ok() ? "" : spec.error().message);
    auto request = buildHttpRequest(*spec, outside.parts(), values, spec->request);
    EXPECT_TRUE(request.ok()) << (request.ok() ? "" : request.error().message);
    EXPECT_TRUE(authorizeHttp(*request, *spec, outside.parts(), false).ok());
    return *request;
}

TEST(HttpRequest, LeavesOutWhatHasNoValueAndEncodesTheRest) {
    const auto request =
        build("headers: {X-App: yimen}\n",
              "request: {path: \"/q/{page}\", query: {name: 张三 a&b, cursor: \"{cursor}\", size: \"{size}\"}}\n",
              {{"page", "3"}});
    EXPECT_EQ(request.url.target(), "/app/q/3?name=%E5%BC%A0%E4%B8%89%20a%26b&size=100");
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(field(request, "X-App"), "yimen");
}

TEST(HttpRequest, SignsTheDeclaredText) {
    const std::string read = "request: {path: /s, query: {b: 名, a: \"1\", ts: \"{timestamp}\"}}\n";
    const auto request = build(
        "sign: {secret: \"env:KEY\", text: \"{method}\\n{path}\\n{query_sorted}\\n{nonce}\", header: X-Sign}\n", read);
    const std::string text = "GET\n/app/s\na=1&b=名&ts=1795219200\nabababababababababababababababab";
    EXPECT_EQ(field(request, "X-Sign"), core::toHex(crypto::hmac(crypto::DigestAlgorithm::kSha256,
                                                                 core::asBytes("s3cret"), core::asBytes(text))));
    const auto inQuery =
        build("sign: {secret: \"env:KEY\", text: \"{query_raw}\", parameter: sign, encoding: base64}\n", read);
    EXPECT_EQ(query(inQuery).at("sign"),
              core::toBase64(crypto::hmac(crypto::DigestAlgorithm::kSha256, core::asBytes("s3cret"),
                                          core::asBytes("b=名&a=1&ts=1795219200"))));
}

TEST(HttpRequest, HasAnEmptyCursorInTheBodyOfTheFirstPage) {
    const std::string read = "request: {path: /ws, body: \"<p>{cursor|xml}</p>\"}\n";
    EXPECT_EQ(build("", read).body, "<p></p>");
    EXPECT_EQ(build("", read, {{"cursor", "a&b"}}).body, "<p>a&amp;b</p>");
}

TEST(HttpRequest, PostsABodyInTheCharsetOfTheSystem) {
    const auto request = build("",
                               "request: {path: /ws, body: \"<q>中{from|xml}</q>\", type: text/xml; charset=GBK, "
                               "body_charset: gbk, headers: {SOAPAction: q}}\n",
                               {{"from", "<1>"}});
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.body, "<q>\xD6\xD0&lt;1&gt;</q>");
    EXPECT_EQ(field(request, "SOAPAction"), "q");
    EXPECT_EQ(field(request, "Content-Type"), "text/xml; charset=GBK");
}

TEST(HttpRequest, ProvesWhoAsks) {
    const std::string read = "request: {path: /s}\n";
    EXPECT_EQ(field(build("auth: {kind: basic, user: svc, password: \"env:KEY\"}\n", read), "Authorization"),
              "Basic c3ZjOnMzY3JldA==");
    EXPECT_EQ(field(build("auth: {kind: bearer, token: \"env:KEY\"}\n", read), "Authorization"), "Bearer s3cret");
    EXPECT_EQ(field(build("auth: {kind: header, header: X-Key, value: \"env:KEY\"}\n", read), "X-Key"), "s3cret");
}

TEST(HttpRequest, RefusesABodyThatAsksForWhatIsNotThere) {
    Outside outside([](const auto&) { return fixture::answer(""); });
    const auto spec = specOf("", "request: {path: /s, body: \"{from}\"}\nformat: json\ncolumns: [a]\n");
    const auto request = buildHttpRequest(*spec, outside.parts(), {}, spec->request);
    ASSERT_FALSE(request.ok());
    EXPECT_THAT(request.error().message, HasSubstr("watermark.initial"));
}

}  // namespace
}  // namespace yimen::sync
