#include "adapter/ltpa_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/adapter/engine_harness.h"

namespace yimen::adapter {
namespace {

using std::chrono::minutes;
using testing::IsEmpty;
using testing::StartsWith;

struct Office : EngineHarness {
    Office() : EngineHarness("qu-oa", R"([{"request":{"target":"/oa/main.nsf?Open"},"response":{"status":200}}])") {
        secret("user_dn", "CN=王敏/O=zsq");
        secret("ltpa_secret", "AAECAwQFBgcICQoLDA0ODxAREhM=");
    }
};

TEST(LtpaEngine, MintsAnewAtFourFifthsOfTheLife) {
    Office office;
    ASSERT_TRUE(office.signOn()->ok());
    const auto first = office.next("/oa/x").at("Cookie");
    EXPECT_THAT(first, StartsWith("LtpaToken=AAECAz"));
    office.clock.advance(minutes(95));
    EXPECT_EQ(office.next("/oa/x").at("Cookie"), first);
    office.clock.advance(minutes(2));
    const auto second = office.next("/oa/x").at("Cookie");
    EXPECT_NE(second, first);
    EXPECT_EQ(office.next("/oa/x").at("Cookie"), second);
}

TEST(LtpaEngine, NeverMintsTheTokenThatTheServerHasJustEnded) {
    core::SystemRandom random;
    const auto cookie = [&](Office& office) {
        const SignOnContext context{*office.client, *office.session, office.secrets, office.clock, random};
        EXPECT_TRUE(office.system->engine().signOn(context)->ok());
        return office.next("/oa/x").at("Cookie");
    };
    bool differs = false;
    for (int i = 0; i < 5 && !differs; ++i) {
        Office first;
        Office second;  // the same second
        differs = cookie(first) != cookie(second);
    }
    EXPECT_TRUE(differs);
}

TEST(LtpaEngine, MintsOnRefreshWithoutARequest) {
    Office office;
    ASSERT_TRUE(office.signOn()->ok());
    const auto first = office.next("/oa/x").at("Cookie");
    office.clock.advance(minutes(1));
    EXPECT_TRUE(office.system->engine().refresh(office.context())->ok());
    EXPECT_NE(office.next("/oa/x").at("Cookie"), first);
    EXPECT_EQ(office.client->left(), 0U);
    EXPECT_THAT(office.client->faults(), IsEmpty());
}

TEST(LtpaEngine, RefusesASecretThatIsNoBase64) {
    Office office;
    office.secret("ltpa_secret", "not base64!");
    EXPECT_EQ(office.signOn().error().code, core::ErrorCode::kInvalidInput);
    EXPECT_EQ(office.client->left(), 1U);
}

TEST(LtpaEngine, RefusesANameThatTheCharsetLacks) {
    Office office;
    office.secret("user_dn", "CN=\xF0\x9F\x98\x80/O=zsq");
    EXPECT_FALSE(office.signOn().ok());
    EXPECT_EQ(office.client->left(), 1U);
}

}  // namespace
}  // namespace yimen::adapter
