#include "adapter/hooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "unit/adapter/fixture_client.h"

namespace yimen::adapter {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class HooksFile : public testing::Test {
protected:
    void SetUp() override {
        char name[] = "/tmp/yimen-hooks-XXXXXX";
        ASSERT_NE(mkdtemp(name), nullptr);
        folder_ = name;
        manifest_.id = "demo";
        manifest_.origin.charset = "GBK";
        secrets_["password"] = core::Secret("Pa55word");
        form_.action = "/do";
        form_.set("user", "王敏");
        form_.set("pwd", "Pa55word");
        form_.set("extra", "1");
    }
    void TearDown() override { fs::remove_all(folder_); }

    core::Result<std::shared_ptr<const Hooks>> load(const std::string& source) {
        std::ofstream(fs::path(folder_) / "x.lua") << source;
        return Hooks::load(folder_, "x.lua");
    }
    /// Runs `body` as transform(fields, page).
    core::Status transform(const std::string& body, core::Json exchanges = core::Json::array()) {
        auto hooks = load("return { transform = function(fields, page)\n" + body + "\nend }");
        if (!hooks.ok()) return hooks.error();
        FixtureClient client(std::move(exchanges), "GBK");
        SystemSession session(core::Url::parse("http://system.test/").value(), clock_.wall());
        const SignOnContext context{client, session, secrets_, clock_, random_};
        Exchange exchange(context, manifest_);
        auto status = (*hooks)->transform(exchange, form_, "<p>page</p>");
        for (const auto& fault : client.faults()) ADD_FAILURE() << fault;
        return status;
    }

    std::string folder_;
    Manifest manifest_;
    SecretMap secrets_;
    HtmlForm form_;
    core::ManualClock clock_;
    FixtureRandom random_;
};

TEST_F(HooksFile, ChangesAddsAndDropsFields) {
    ASSERT_TRUE(
        transform("fields.pwd = hash.sm3(fields.pwd) fields.new = page.action fields.extra = false return fields")
            .ok());
    EXPECT_EQ(form_.value("pwd")->size(), 64U);
    EXPECT_EQ(form_.value("new"), "/do");
    EXPECT_EQ(form_.value("extra"), std::nullopt);
    EXPECT_EQ(form_.value("user"), "王敏");
    EXPECT_EQ(form_.inputs.front().name, "user");
}

TEST_F(HooksFile, OffersHashesAndCodings) {
    ASSERT_TRUE(transform(R"(
        fields.a = hash.md5('abc') .. hash.sha1('abc')
        fields.b = hash.hmac('sha256', 'key', 'The quick brown fox jumps over the lazy dog')
        fields.c = base64.encode('a\0b') .. base64.decode('YQ==')
        fields.d = url.encode('a b/王') .. url.decode('%41+b')
        fields.e = charset.decode(charset.encode('王敏', 'GBK'), 'GBK')
        fields.f = json.decode('{"a":[1,{"b":"x"}]}').a[2].b .. json.encode({k = 'v'})
        fields.g = html.form('<form action=/z><input name=t value=9></form>', 't').fields.t
        return fields)")
                    .ok());
    EXPECT_EQ(form_.value("a"), "900150983cd24fb0d6963f7d28e17f72a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(form_.value("b"), "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
    EXPECT_EQ(form_.value("c"), "YQBia");
    EXPECT_EQ(form_.value("d"), "a%20b%2F%E7%8E%8BA b");
    EXPECT_EQ(form_.value("e"), "王敏");
    EXPECT_EQ(form_.value("f"), "x{\"k\":\"v\"}");
    EXPECT_EQ(form_.value("g"), "9");
}

TEST_F(HooksFile, ReachesItsOwnSystemOnly) {
    const auto exchanges =
        core::parseJson(R"([{"request":{"target":"/key.jsp?x=1"},"response":{"status":200,"body":"密钥=42"}}])")
            .value();
    ASSERT_TRUE(
        transform("local r = http.get('/key.jsp?x=1') fields.k = r.body:match('%d+') return fields", exchanges).ok());
    EXPECT_EQ(form_.value("k"), "42");
    ASSERT_TRUE(transform("local r, e = http.get('http://evil.test/') fields.k = tostring(r) .. e return fields").ok());
    EXPECT_THAT(std::string(form_.value("k").value_or("")), HasSubstr("another server"));
}

TEST_F(HooksFile, KeepsSecretsOutOfErrors) {
    const auto status = transform("error('cannot hash ' .. fields.pwd)");
    ASSERT_FALSE(status.ok());
    EXPECT_THAT(status.error().message, HasSubstr("x.lua:2: cannot hash ***"));
    EXPECT_THAT(status.error().describe(), Not(HasSubstr("Pa55word")));
}

TEST_F(HooksFile, StopsScriptsThatRunAway) {
    EXPECT_EQ(transform("while true do end").error().code, core::ErrorCode::kTooLarge);
    EXPECT_EQ(transform("return ('x'):rep(1e9)").error().code, core::ErrorCode::kTooLarge);
}

TEST_F(HooksFile, RefusesAnswersThatAreNoFields) {
    EXPECT_FALSE(transform("return nil").ok());
    EXPECT_FALSE(transform("return {pwd = 1}").ok());
    EXPECT_FALSE(transform("return {pwd = {}}").ok());
}

TEST_F(HooksFile, RefusesFilesWithoutTransform) {
    EXPECT_FALSE(load("return {}").ok());
    EXPECT_FALSE(load("return 1").ok());
    EXPECT_FALSE(load("syntax error").ok());
    EXPECT_FALSE(load("while true do end").ok());
    EXPECT_FALSE(Hooks::load(folder_, "none.lua").ok());
}

TEST_F(HooksFile, MasksEverySecretInText) {
    secrets_["pin"] = core::Secret("12");
    EXPECT_EQ(maskSecrets("a Pa55word Pa55word 12", secrets_), "a *** *** 12") << "too short to be told from text";
}

}  // namespace
}  // namespace yimen::adapter
