#include "adapter/manifest.h"
#include "support/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yimen::adapter {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kGood = R"(api: 1
id: demo
version: 1.2.3
name: {zh: 示范系统, en: Demo}
owner: 区政府
category: office
level: district
zone: intranet
origin: {charset: GBK, servers: ["http://10.0.0.1:8080", "https://10.0.0.2"]}
login:
  kind: form_csrf
  account: own
  fields:
    - {name: username, label: {zh: 用户名, en: User}}
    - {name: password, label: {zh: 密码, en: Password}, secret: true}
  form: {page: /login, action: /do, has_field: pwd, required: [token], post: {pwd: "{password}"}}
signals:
  success: [{status: 302, cookie: sid}]
  failure: [{status: [200, 403], body_contains: 错误}]
  expired: [{status: 302, location: "/login*"}]
paths: {home: /main, public: [/static/**], denied: [/admin/**]}
limits: {session_idle: 20m, max_request_body: 1MiB}
)";

core::Result<Manifest> parse(const std::string& text) {
    const auto document = config::YamlDocument::parse(text, "adapter.yaml");
    return document.ok() ? Manifest::parse(document->root()) : core::Result<Manifest>(document.error());
}

std::string changed(const std::string& from, const std::string& to) {
    std::string text = kGood;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// The change must be refused with this text and a place.
void expectRefused(const std::string& from, const std::string& to, const std::string& error) {
    const auto manifest = parse(changed(from, to));
    ASSERT_FALSE(manifest.ok()) << to;
    EXPECT_THAT(manifest.error().message, HasSubstr(error)) << to;
    EXPECT_THAT(manifest.error().message, testing::ContainsRegex("adapter\\.yaml:[0-9]+:[0-9]+")) << to;
}

TEST(Manifest, ReadsEverySection) {
    const auto manifest = parse(kGood);
    ASSERT_TRUE(manifest.ok()) << manifest.error().describe();
    EXPECT_EQ(manifest->id, "demo");
    EXPECT_EQ(manifest->mark, "示");
    EXPECT_EQ(manifest->origin.servers.size(), 2U);
    EXPECT_EQ(manifest->login.kind, LoginKind::kFormCsrf);
    EXPECT_TRUE(manifest->login.fields.at(1).secret);
    EXPECT_THAT(manifest->signals.failure.at(0).status, ElementsAre(200, 403));
    EXPECT_EQ(manifest->signals.failure.at(0).bodyContains, "\xB4\xED\xCE\xF3") << "bytes of the page's charset";
    EXPECT_EQ(manifest->signals.failure.at(0).name, "failure[0]");
    EXPECT_EQ(manifest->limits.sessionIdle, std::chrono::minutes(20));
    EXPECT_EQ(manifest->limits.maxRequestBodyBytes, 1024U * 1024U);
}

TEST(Manifest, RefusesWhatItDoesNotKnow) {
    expectRefused("version: 1.2.3", "version: 1.2.3\nverison: 2", "verison");
    expectRefused("api: 1", "api: 2", "must be 1");
    expectRefused("level: district", "level: village", "village");
    expectRefused("kind: form_csrf", "kind: form_magic", "form_magic");
    expectRefused("has_field: pwd", "hasfield: pwd", "hasfield");
    expectRefused("charset: GBK", "charset: KLINGON", "charset");
    expectRefused("id: demo", "id: De_mo", "a-z");
}

TEST(Manifest, RefusesClassifiedSystems) {
    expectRefused("api: 1", "api: 1\nclassified: true", "涉密");
    EXPECT_TRUE(parse(changed("api: 1", "api: 1\nclassified: false")).ok());
}

TEST(Manifest, RefusesPathsThatCouldBeReadInTwoWays) {
    expectRefused("home: /main", "home: main", "main");
    expectRefused("[/admin/**]", "[/admin/../x]", "/admin/../x");
    expectRefused("[/static/**]", "[/static//x]", "canonical");
    expectRefused("page: /login", "page: \"/%2e%2e/login\"", "%2e%2e");
}

TEST(Manifest, RefusesServersThatAreNoOrigins) {
    expectRefused("\"https://10.0.0.2\"", "\"ftp://10.0.0.2\"", "");
    expectRefused("\"https://10.0.0.2\"", "\"https://10.0.0.2/app\"", "host and port only");
    expectRefused("\"https://10.0.0.2\"", "\"https://u:p@10.0.0.2\"", "");
}

TEST(Manifest, RefusesALogoutThatCannotBeSent) {
    expectRefused("limits:", "logout: {method: GET, path: /out, page: /home}\nlimits:", "need method POST");
    expectRefused("limits:", "logout: {method: DELETE, path: /out}\nlimits:", "DELETE");
    expectRefused("limits:", "keepalive: {path: /alive}\nlimits:", "every is missing");
    expectRefused("limits:", "keepalive: {path: /alive, every: 1s}\nlimits:", "every");
}

TEST(Manifest, NamesEveryFaultAtOnce) {
    const auto manifest = parse(changed("level: district", "level: village\nextra: 1"));
    ASSERT_FALSE(manifest.ok());
    EXPECT_THAT(manifest.error().message, HasSubstr("village"));
    EXPECT_THAT(manifest.error().message, HasSubstr("extra"));
}

TEST(Manifest, RefusesAFolderOfAnotherName) {
    const auto manifest = Manifest::load(yimen::test::repository() + "/adapters/nowhere");
    EXPECT_FALSE(manifest.ok());
}

TEST(IdentityHeader, IsKnownInEverySpelling) {
    auto manifest = parse(changed("limits:", "headers: {identity: [X-Person, X-Org-*]}\nlimits:")).value();
    for (const char* name :
         {"X-Person", "x_person", "X-PERSON", "X-Org-Name", "x-org_", "X-Remote-User", "Authorization"}) {
        EXPECT_TRUE(isIdentityHeader(manifest, name)) << name;
    }
    for (const char* name : {"X-Persona", "X-Organisation", "Accept", "X-Requested-With", "Cookie", ""}) {
        EXPECT_FALSE(isIdentityHeader(manifest, name)) << name;
    }
}

}  // namespace
}  // namespace yimen::adapter
