#include "gateway/request_head.h"

#include "unit/gateway/fixture.h"

namespace yimen::gateway {
namespace {

using net::FieldId;

struct Written {
    std::string text;
    std::size_t forged = 0;
    bool has(std::string_view part) const { return text.find(part) != std::string::npos; }
};

Written written(const test::FakeSystem& system, const test::Fields& fields, SystemEntry* entry = nullptr,
                std::string_view target = "/wl/?a=b") {
    const test::StillExchange exchange(fields.request("GET", "/ignored"));
    Written out;
    const auto notes = writeRequestHead(exchange, {target, *system.route, entry}, out.text);
    EXPECT_TRUE(notes.ok());
    if (notes.ok()) out.forged = notes->forgedFields;
    return out;
}

TEST(RequestHead, IsRebuiltWithTheCanonicalTargetAndTheSystemsHost) {
    const test::FakeSystem system;
    const auto out = written(system, {{"Host", "qu-tourism.yimen.test", FieldId::kHost}, {"X-Kept", "1"}});
    EXPECT_TRUE(out.text.starts_with("GET /wl/?a=b HTTP/1.1\r\nHost: 10.1.2.3:8001\r\n")) << out.text;
    EXPECT_TRUE(out.has("X-Kept: 1\r\n"));
    EXPECT_FALSE(out.has("yimen.test"));
}

TEST(RequestHead, DropsAndCountsForgedIdentityInEverySpelling) {
    const test::FakeSystem system;
    const auto out = written(system, {{"X-Remote-User", "root"},
                                      {"x_remote_user", "root"},
                                      {"X-Forwarded-For", "1.2.3.4", FieldId::kXForwardedFor},
                                      {"X-Remote-Org", "root", FieldId::kOther, true}});
    EXPECT_FALSE(out.has("root") || out.has("1.2.3.4")) << out.text;
    EXPECT_EQ(out.forged, 4u);
}

TEST(RequestHead, KeepsTheBrowsersCredentialsHere) {
    const test::FakeSystem system("qu-tourism", [](adapter::Manifest& m) { m.cookies.pass = {"lang"}; });
    const auto out = written(system, {{"Authorization", "Basic x", FieldId::kAuthorization},
                                      {"Proxy-Authorization", "Basic y"},
                                      {"Cookie", "__Host-yimen-app=s; lang=zh; sessionid=z", FieldId::kCookie},
                                      {"Cookie", "xlang=1;lang=en", FieldId::kCookie}});
    EXPECT_FALSE(out.has("Basic") || out.has("yimen") || out.has("sessionid") || out.has("xlang")) << out.text;
    EXPECT_TRUE(out.has("Cookie: lang=zh; lang=en\r\n")) << out.text;
}

TEST(RequestHead, ShowsTheSystemItsOwnOriginAndNeverTheHubs) {
    const test::FakeSystem system;
    auto out = written(system, {{"Referer", "https://qu-tourism.yimen.test/wl/?x", FieldId::kReferer},
                                {"Origin", "https://qu-tourism.yimen.test", FieldId::kOrigin}});
    EXPECT_TRUE(out.has("Referer: http://10.1.2.3:8001/wl/?x\r\n")) << out.text;
    EXPECT_TRUE(out.has("Origin: http://10.1.2.3:8001\r\n")) << out.text;
    out = written(system, {{"Referer", "https://yimen.test/go/qu-tourism", FieldId::kReferer}});
    EXPECT_FALSE(out.has("Referer")) << out.text;
    out = written(system, {{"Origin", "https://evil.example", FieldId::kOrigin}});
    EXPECT_TRUE(out.has("Origin: https://evil.example\r\n"));
}

TEST(RequestHead, DoesNotTakeALookAlikeHostForItsOwn) {
    const test::FakeSystem system;
    const auto out = written(system, {{"Origin", "https://qu-tourism.yimen.test.evil.example", FieldId::kOrigin}});
    EXPECT_FALSE(out.has("10.1.2.3:8001.evil")) << out.text;
}

TEST(RequestHead, AScriptsFieldsReplaceTheBrowsersAndTheManifests) {
    const test::FakeSystem system("qu-tourism", [](adapter::Manifest& m) { m.headers.set = {{"X-Mode", "old"}}; });
    adapter::HookDecision script;
    script.set = {{"X-Mode", "new"}, {"X-Org", "d1"}};
    script.remove = {"accept-language"};
    const test::Fields fields{{"x-org", "mine"}, {"X-ORG", "mine"}, {"Accept-Language", "zh"}, {"X-Kept", "1"}};
    const test::StillExchange exchange(fields.request());
    std::string out;
    ASSERT_TRUE(writeRequestHead(exchange, {"/wl/?q=2", *system.route, nullptr, &script}, out).ok());
    EXPECT_EQ(out,
              "GET /wl/?q=2 HTTP/1.1\r\nHost: 10.1.2.3:8001\r\nX-Kept: 1\r\nAccept-Encoding: identity\r\n"
              "X-Mode: new\r\nX-Org: d1\r\n");
}

TEST(RequestHead, ThePersonsIdentityIsAddedOnceAndOnlyForAnEntry) {
    const test::FakeSystem system;
    SystemEntry entry(1, system.adapter);
    entry.session().establish({}, nullptr);
    const auto out = written(system, {{"X-Remote-User", "root"}}, &entry);
    EXPECT_TRUE(out.has("X-Remote-User: zhang\r\n")) << out.text;
    EXPECT_FALSE(written(system, {}).has("X-Remote-User"));
    system.script->dress = core::makeError(core::ErrorCode::kUnauthenticated, "gone");
    std::string text;
    const test::StillExchange exchange(test::Fields{}.request());
    EXPECT_FALSE(writeRequestHead(exchange, {"/", *system.route, &entry}, text).ok());
}

}  // namespace
}  // namespace yimen::gateway
