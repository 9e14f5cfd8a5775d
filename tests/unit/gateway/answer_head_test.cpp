#include "gateway/answer_head.h"

#include "unit/gateway/fixture.h"

namespace yimen::gateway {
namespace {

using net::FieldId;

std::string written(const test::FakeSystem& system, const test::Fields& fields, int status = 200) {
    std::string out;
    writeAnswerHead(fields.response(status), *system.route, out);
    return out;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(AnswerHead, KeepsTheSystemsCookiesAndChallengesToItself) {
    const test::FakeSystem system;
    const auto out = written(system, {{"Set-Cookie", "sessionid=secret; HttpOnly", FieldId::kSetCookie},
                                      {"WWW-Authenticate", "Basic realm=x", FieldId::kWwwAuthenticate},
                                      {"Proxy-Authenticate", "Basic"},
                                      {"X-Kept", "1"}});
    EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nX-Kept: 1\r\n");
}

TEST(AnswerHead, PassesNamedCookiesWithoutDomainAndWithSecure) {
    const test::FakeSystem system("qu-tourism", [](adapter::Manifest& m) { m.cookies.pass = {"lang"}; });
    const auto out =
        written(system, {{"Set-Cookie", "lang=zh; Domain=.gov.local; Path=/x; domain=a", FieldId::kSetCookie},
                         {"Set-Cookie", "lang2=zh", FieldId::kSetCookie},
                         {"Set-Cookie", "LANG=zh", FieldId::kSetCookie}});
    EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nSet-Cookie: lang=zh; Path=/x; Secure\r\n");
}

TEST(AnswerHead, NamesTheAppHostInLocationRefreshAndCors) {
    const test::FakeSystem system;
    const auto out = written(system,
                             {{"Location", "http://10.1.2.3:8001/a?b", FieldId::kLocation},
                              {"Content-Location", "http://10.1.2.3:8001/c"},
                              {"Refresh", "0; url=http://10.1.2.3:8001/d"},
                              {"Access-Control-Allow-Origin", "http://10.1.2.3:8001"}},
                             302);
    EXPECT_FALSE(has(out, "10.1.2.3")) << out;
    EXPECT_TRUE(has(out, "Location: https://qu-tourism.yimen.test/a?b\r\n")) << out;
    EXPECT_TRUE(has(out, "Refresh: 0; url=https://qu-tourism.yimen.test/d\r\n")) << out;
    EXPECT_TRUE(has(written(system, {{"Location", "https://other.example/", FieldId::kLocation}}, 302),
                    "Location: https://other.example/\r\n"));
    EXPECT_TRUE(has(written(system, {{"Location", "/wl/", FieldId::kLocation}}, 302), "Location: /wl/\r\n"));
}

TEST(AnswerHead, LeavesStatementsAboutTheSiteToTheHub) {
    const test::FakeSystem system;
    EXPECT_EQ(
        written(system, {{"Strict-Transport-Security", "max-age=0"}, {"clear-site-data", "*"}, {"Alt-Svc", "h2"}}),
        "HTTP/1.1 200 OK\r\n");
}

TEST(AnswerHead, PagesAreNotKeptByTheBrowserAndOtherThingsMay) {
    const test::FakeSystem system;
    const auto page = written(system, {{"Content-Type", "text/html; charset=utf-8", FieldId::kContentType},
                                       {"Cache-Control", "public, max-age=600"},
                                       {"Expires", "Thu, 01 Jan 2099 00:00:00 GMT"}});
    EXPECT_TRUE(has(page, "Cache-Control: no-store\r\n") && !has(page, "max-age") && !has(page, "Expires")) << page;
    const auto image =
        written(system, {{"Content-Type", "image/png", FieldId::kContentType}, {"Cache-Control", "max-age=600"}});
    EXPECT_TRUE(has(image, "Cache-Control: max-age=600\r\n")) << image;
}

TEST(AnswerHead, MendsTheCharsetAsTheManifestSays) {
    const auto type = [](adapter::CharsetHeader rule, std::string_view value) {
        const test::FakeSystem system("qu-tourism", [&](adapter::Manifest& m) {
            m.rewrite.charset = rule;
            m.origin.charset = "GBK";
        });
        return written(system, {{"Content-Type", value, FieldId::kContentType}});
    };
    using adapter::CharsetHeader;
    EXPECT_TRUE(has(type(CharsetHeader::kAdd, "text/html"), "Content-Type: text/html; charset=GBK\r\n"));
    EXPECT_TRUE(has(type(CharsetHeader::kAdd, "text/html; Charset=utf-8"), "text/html; Charset=utf-8\r\n"));
    EXPECT_TRUE(has(type(CharsetHeader::kForce, "text/html; charset=utf-8"), "text/html; charset=GBK\r\n"));
    EXPECT_TRUE(has(type(CharsetHeader::kForce, "image/png"), "Content-Type: image/png\r\n"));
}

TEST(AnswerHead, AScriptsFieldsReplaceTheSystemsAndPassTheSameRules) {
    const test::FakeSystem system;
    adapter::HookDecision script;
    script.set = {{"Content-Type", "text/html"}, {"Location", "http://10.1.2.3:8001/a"}, {"X-New", "1"}};
    script.remove = {"x-old"};
    std::string out;
    const test::Fields fields{{"X-Old", "1"},
                              {"Content-Type", "text/plain", FieldId::kContentType},
                              {"Location", "/b", FieldId::kLocation},
                              {"Cache-Control", "max-age=600"}};
    writeAnswerHead(fields.response(302), *system.route, out, &script);
    EXPECT_EQ(out,
              "HTTP/1.1 302 OK\r\nContent-Type: text/html\r\nLocation: https://qu-tourism.yimen.test/a\r\n"
              "X-New: 1\r\nCache-Control: no-store\r\n");
}

TEST(RewriterFor, LooksIntoPlainPagesOnly) {
    const test::FakeSystem system;
    const net::Field html{"Content-Type", "text/html; charset=utf-8", FieldId::kContentType};
    EXPECT_NE(rewriterFor(test::Fields{html}.response(), *system.route), nullptr);
    EXPECT_EQ(rewriterFor(test::Fields{html}.response(206), *system.route), nullptr);
    EXPECT_EQ(rewriterFor(test::Fields{html, {"Content-Encoding", "gzip", FieldId::kContentEncoding}}.response(),
                          *system.route),
              nullptr);
    EXPECT_EQ(rewriterFor(test::Fields{{"Content-Type", "image/png", FieldId::kContentType}}.response(), *system.route),
              nullptr);
    EXPECT_EQ(rewriterFor(test::Fields{}.response(), *system.route), nullptr);
}

}  // namespace
}  // namespace yimen::gateway
