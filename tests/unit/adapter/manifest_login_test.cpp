#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapter/manifest_parts.h"

namespace yimen::adapter {
namespace {

using testing::HasSubstr;

/// Reads a login section by itself; errors joined.
std::pair<Login, std::string> read(const std::string& text) {
    const auto document = config::YamlDocument::parse(text, "login.yaml");
    EXPECT_TRUE(document.ok());
    config::YamlErrors errors;
    config::MapReader reader(document->root(), errors);
    Login login;
    readLogin(reader, login);
    reader.finish();
    const auto status = errors.status();
    return {std::move(login), status.ok() ? "" : status.error().message};
}

TEST(LoginSection, ReadsTheKindsOwnPart) {
    const auto [login, errors] = read(
        "kind: json_bearer\nfields: [{name: u, label: {zh: 名, en: N}}]\n"
        "bearer: {login_path: /l, login_body: {u: '{u}'}, lifetime: 10m, refresh_before: 1m, scheme: Token}\n");
    EXPECT_EQ(errors, "");
    EXPECT_EQ(login.kind, LoginKind::kJsonBearer);
    EXPECT_EQ(login.bearer.lifetime, std::chrono::minutes(10));
    EXPECT_EQ(login.bearer.scheme, "Token");
    EXPECT_EQ(login.bearer.tokenMember, "access_token");
}

TEST(LoginSection, RefusesThePartOfAnotherKind) {
    const auto [login, errors] = read("kind: http_basic\nbasic: {probe: /}\ndigest: {probe: /}\n");
    EXPECT_THAT(errors, HasSubstr("digest"));
}

TEST(LoginSection, WantsLabelsInBothLanguages) {
    const auto [login, errors] =
        read("kind: http_basic\nfields: [{name: username, label: {zh: 名}}]\nbasic: {probe: /}\n");
    EXPECT_THAT(errors, HasSubstr("en"));
}

TEST(LoginSection, RefusesValuesThatCannotWork) {
    EXPECT_THAT(read("kind: hmac_ticket\nticket: {token_path: /t, token_body: {}, access_key: a, secret_key: s, "
                     "token_member: t, launch: /go}\n")
                    .second,
                HasSubstr("{token}"));
    EXPECT_THAT(read("kind: ltpa_cookie\nltpa: {probe: /, user: x, secret: s, lifetime: 1s}\n").second,
                HasSubstr("lifetime"));
    EXPECT_THAT(read("kind: http_digest\ndigest: {probe: /, prefer: SHA-1}\n").second, HasSubstr("SHA-1"));
    EXPECT_THAT(read("kind: form_csrf\nform: {page: /, action: /, has_field: p}\n").second, HasSubstr("post"));
    EXPECT_THAT(read("fields: []\nform: {}\n").second, HasSubstr("kind is missing"));
}

TEST(LoginKind, HasAWordForEach) {
    EXPECT_EQ(toString(LoginKind::kAspnetViewState), "aspnet_viewstate");
    EXPECT_TRUE(isFormKind(LoginKind::kFormJsMd5));
    EXPECT_FALSE(isFormKind(LoginKind::kHttpBasic));
    EXPECT_TRUE(isMintingKind(LoginKind::kLtpaCookie));
    EXPECT_FALSE(isMintingKind(LoginKind::kJsonBearer));
}

}  // namespace
}  // namespace yimen::adapter
