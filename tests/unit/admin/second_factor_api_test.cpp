#include "admin/api.h"
#include "unit/web/fixture.h"

namespace yimen::admin {
namespace {

using std::chrono::seconds;

const std::string kOwn = "/api/v1/me/second-factor";

class SecondFactorApiTest : public testing::Test {
protected:
    SecondFactorApiTest() {
        EXPECT_TRUE(mountSecondFactor(hub.router, hub.context).ok());
        person = hub.signIn("wangmin", "210299D03", "clerk");
    }
    core::Json call(const std::string& method, const std::string& path, int status, const core::Json& body = {}) {
        const auto answer = hub.api(method, path, body);
        EXPECT_EQ(answer.status, status) << answer.body;
        return answer.body.empty() ? core::Json() : core::parseJson(answer.body).value();
    }
    std::string code(const core::Bytes& seed) { return hub.codeNow(seed); }

    web::test::HubWorld hub;
    identity::PersonId person = 0;
};

TEST_F(SecondFactorApiTest, AsksForThePasswordBeforeItShowsAKey) {
    EXPECT_EQ(call("POST", kOwn + "/setup", 422, {{"password", "wrong"}})["code"], "bad_password");
    EXPECT_EQ(call("POST", kOwn + "/setup", 422, {{"pasword", "x"}})["code"], "invalid_field");
    const auto setup = call("POST", kOwn + "/setup", 200, {{"password", "Right-1"}});
    const std::string spaced = setup["secret"];
    std::string plain;
    for (const char c : spaced) {
        if (c != ' ') plain += c;
    }
    EXPECT_EQ(plain.size(), 32U);
    EXPECT_NE(setup["uri"].get<std::string>().find("secret=" + plain), std::string::npos);
    EXPECT_GE(setup["qr"]["size"].get<int>(), 21);
    EXPECT_EQ(call("GET", kOwn, 200)["enrolled"], false) << "nothing is stored yet";
    EXPECT_EQ(call("POST", kOwn, 422, {{"setup", setup["setup"]}, {"code", "12345"}, {"name", "a"}})["code"],
              "bad_code");
    EXPECT_EQ(call("POST", kOwn, 422, {{"setup", "x"}, {"code", "123456"}, {"name", "a"}})["code"], "setup_expired");
}

TEST_F(SecondFactorApiTest, TellsWhatIsThereAndNothingSecret) {
    const auto seed = hub.enrol(person);
    const auto found = call("GET", kOwn, 200);
    EXPECT_EQ(found["enrolled"], true);
    EXPECT_EQ(found["name"], "手机");
    EXPECT_EQ(found["recovery_codes_left"], 10);
    EXPECT_TRUE(found["raised_until"].is_null());
    EXPECT_EQ(core::writeJson(found).find(identity::toBase32(seed)), std::string::npos);
    EXPECT_EQ(call("POST", kOwn + "/setup", 409, {{"password", "Right-1"}})["code"], "enrolled");
}

TEST_F(SecondFactorApiTest, ProvesInPlaceOnce) {
    EXPECT_EQ(call("POST", "/api/v1/me/step-up", 409, {{"code", "123456"}})["code"], "not_enrolled");
    const auto seed = hub.enrol(person);
    EXPECT_FALSE(call("POST", "/api/v1/me/step-up", 200, {{"code", code(seed)}})["raised_until"].is_null());
    EXPECT_EQ(hub.audit.last(), "step_up.ok wangmin method=totp");
    EXPECT_EQ(call("POST", "/api/v1/me/step-up", 422, {{"code", code(seed)}})["code"], "code_used");
    EXPECT_EQ(call("POST", "/api/v1/me/step-up", 422, {{"code", "abcdef"}})["code"], "bad_code");
}

TEST_F(SecondFactorApiTest, IsRemovedForACodeAndNotForThePassword) {
    const auto seed = hub.enrol(person);
    EXPECT_EQ(call("POST", kOwn + "/remove", 422, {{"code", "Right-1"}})["code"], "bad_code");
    EXPECT_EQ(call("POST", kOwn + "/remove", 422, {{"password", "Right-1"}})["code"], "invalid_field");
    EXPECT_EQ(call("GET", kOwn, 200)["enrolled"], true);
    call("POST", kOwn + "/remove", 204, {{"code", code(seed)}});
    EXPECT_EQ(hub.audit.last(), "second_factor.removed wangmin");
    EXPECT_EQ(call("GET", kOwn, 200)["enrolled"], false);
    EXPECT_TRUE(hub.seeds.seeds.empty());
}

TEST_F(SecondFactorApiTest, RenewsRecoveryCodesForACode) {
    const auto seed = hub.enrol(person);
    const auto renewed = call("POST", kOwn + "/recovery-codes", 200, {{"code", code(seed)}});
    EXPECT_EQ(renewed["recovery_codes"].size(), 10U);
    EXPECT_EQ(hub.audit.last(), "second_factor.codes_renewed wangmin");
    for (const auto& event : hub.audit.events) {
        for (const auto& [name, value] : event.fields) {
            for (const auto& one : renewed["recovery_codes"]) EXPECT_NE(value, one.get<std::string>()) << name;
        }
    }
    call("POST", "/api/v1/me/step-up", 200, {{"code", renewed["recovery_codes"][3]}});
}

TEST_F(SecondFactorApiTest, IsResetByASecurityAdministratorForSomebodyElse) {
    hub.enrol(person);
    const auto theirs = hub.session;
    const std::string reset = "/api/v1/admin/people/wangmin/second-factor";
    EXPECT_EQ(call("DELETE", reset, 403)["code"], "forbidden") << "a clerk, for herself";
    hub.signIn("ligong", "210299D12", "system_admin");
    EXPECT_EQ(call("DELETE", reset, 403)["code"], "forbidden");
    const auto admin = hub.signIn("anquanyuan", "210299D11", "security_admin");
    EXPECT_EQ(call("DELETE", reset, 403)["code"], "insufficient_user_authentication");
    const auto seed = hub.enrol(admin);
    call("POST", "/api/v1/me/step-up", 200, {{"code", code(seed)}});
    EXPECT_EQ(call("DELETE", "/api/v1/admin/people/anquanyuan/second-factor", 403)["code"], "forbidden");
    EXPECT_EQ(call("DELETE", "/api/v1/admin/people/nobody/second-factor", 404)["code"], "not_found");
    call("DELETE", reset, 204);
    EXPECT_EQ(hub.audit.last(), "second_factor.reset anquanyuan of wangmin");
    EXPECT_TRUE(theirs->ended());
    EXPECT_EQ(call("DELETE", reset, 409)["code"], "not_enrolled");
}

}  // namespace
}  // namespace yimen::admin
