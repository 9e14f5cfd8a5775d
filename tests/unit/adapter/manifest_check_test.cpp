#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapter/manifest.h"

namespace yimen::adapter {
namespace {

using testing::HasSubstr;

/// A manifest of a kind with its section and the rest as it must be.
std::string manifestOf(const std::string& login, const std::string& more = "") {
    return "api: 1\nid: demo\nversion: '1'\nname: {zh: 示范, en: Demo}\nowner: x\ncategory: x\nlevel: city\nzone: x\n"
           "login:\n" +
           login +
           "signals: {success: [{status: 302, cookie: s}], failure: [{status: 401}], expired: [{status: 401}]}\n" +
           more;
}

constexpr const char* kFields =
    "  fields: [{name: username, label: {zh: 名, en: N}}, {name: password, label: {zh: 密, en: P}, secret: true}]\n";

std::string errorOf(const std::string& text) {
    const auto document = config::YamlDocument::parse(text, "adapter.yaml");
    EXPECT_TRUE(document.ok()) << document.error().describe();
    if (!document.ok()) return {};
    const auto manifest = Manifest::parse(document->root());
    return manifest.ok() ? "" : manifest.error().message;
}

TEST(ManifestCheck, LetsPeopleNotNameThemselvesWhereTheHubIsBelieved) {
    const std::string header =
        "  fields: [{name: username, label: {zh: 名, en: N}}]\n  system_secrets: [key]\n"
        "  header: {probe: /, headers: {X-Remote-User: \"{username}\"}, signature_header: X-Remote-Sig, signed: "
        "\"{time}\", key: key}\n";
    const std::string identity = "headers: {identity: [X-Remote-*]}\n";
    EXPECT_THAT(errorOf(manifestOf("  kind: trusted_header\n  account: own\n" + header, identity)),
                HasSubstr("assigned"));
    EXPECT_EQ(errorOf(manifestOf("  kind: trusted_header\n  account: assigned\n" + header, identity)), "");
    EXPECT_THAT(errorOf(manifestOf("  kind: trusted_header\n  account: assigned\n" + header)), HasSubstr("identity"));
}

TEST(ManifestCheck, WantsSignsForEveryEnd) {
    const std::string login = std::string("  kind: http_basic\n") + kFields + "  basic: {probe: /}\n";
    EXPECT_EQ(errorOf(manifestOf(login)), "");
    const auto without = [&](const std::string& name, const std::string& sign) {
        std::string text = manifestOf(login);
        const std::string part = name + ": [{" + sign + "}]";
        const auto at = text.find(part);
        EXPECT_NE(at, std::string::npos);
        return text.replace(at, part.size(), name + ": []");
    };
    EXPECT_THAT(errorOf(without("success", "status: 302, cookie: s")), HasSubstr("success is missing"));
    EXPECT_THAT(errorOf(without("failure", "status: 401")), HasSubstr("failure is missing"));
    EXPECT_THAT(errorOf(without("expired", "status: 401")), HasSubstr("expired is missing"));
}

TEST(ManifestCheck, WantsTheFieldsAKindSends) {
    EXPECT_THAT(errorOf(manifestOf(
                    "  kind: http_digest\n  fields: [{name: user, label: {zh: 名, en: N}}]\n  digest: {probe: /}\n")),
                HasSubstr("needs a field 'username'"));
    EXPECT_THAT(errorOf(manifestOf("  kind: http_basic\n  basic: {probe: /}\n")), HasSubstr("fields are missing"));
    EXPECT_THAT(errorOf(manifestOf("  kind: http_basic\n" + std::string(kFields))), HasSubstr("basic"));
}

TEST(ManifestCheck, WantsEveryTemplateToHaveItsValue) {
    const std::string bearer =
        std::string("  kind: json_bearer\n") + kFields + "  bearer: {login_path: /l, login_body: {p: \"{passwrd}\"}}\n";
    EXPECT_THAT(errorOf(manifestOf(bearer)), HasSubstr("{passwrd}"));
    const std::string half = std::string("  kind: json_bearer\n") + kFields +
                             "  bearer: {login_path: /l, login_body: {p: \"{password}\"}, refresh_path: /r}\n";
    EXPECT_THAT(errorOf(manifestOf(half)), HasSubstr("belong together"));
}

TEST(ManifestCheck, RefusesSignsThatCannotBeSeenInTraffic) {
    const std::string text = manifestOf(std::string("  kind: http_basic\n") + kFields + "  basic: {probe: /}\n");
    const auto with = [&](const std::string& sign) {
        const std::string part = "expired: [{status: 401}]";
        std::string changed = text;
        return changed.replace(changed.find(part), part.size(), "expired: [" + sign + "]");
    };
    EXPECT_THAT(errorOf(with("{selector: form#login}")), HasSubstr("not looked at in traffic"));
    EXPECT_THAT(errorOf(with("{json: error}")), HasSubstr("not looked at in traffic"));
    EXPECT_THAT(errorOf(with("{}")), HasSubstr("empty sign"));
}

TEST(ManifestCheck, EndsSessionsWithoutTheAccount) {
    const std::string login = std::string("  kind: http_basic\n") + kFields + "  basic: {probe: /}\n";
    EXPECT_THAT(errorOf(manifestOf(login, "logout: {method: POST, path: /out, post: {p: \"{password}\"}}\n")),
                HasSubstr("{password}"));
    EXPECT_EQ(errorOf(manifestOf(login, "logout: {method: POST, path: /out, post: {action: bye}}\n")), "");
}

TEST(ManifestCheck, KeepsHooksInTheFolder) {
    const std::string login = std::string("  kind: http_basic\n") + kFields + "  basic: {probe: /}\n";
    EXPECT_THAT(errorOf(manifestOf(login, "hooks: ../../etc/x.lua\n")), HasSubstr("in the adapter's folder"));
}

}  // namespace
}  // namespace yimen::adapter
