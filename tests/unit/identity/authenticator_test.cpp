#include "identity/authenticator.h"

#include <set>

#include "crypto/password_hash.h"
#include "unit/identity/counting_hashing.h"
#include "unit/identity/fixture.h"

namespace yimen::identity {

using core::ErrorCode;
using core::Secret;
using std::chrono::seconds;

namespace {

class AuthenticatorTest : public ::testing::Test {
protected:
    void SetUp() override {
        zhang = world.person("zhang");
        setPassword("Kelch-7mond", false);
        ASSERT_TRUE(holder.reload().ok());
    }
    void setPassword(const std::string& password, bool mustChange, const char* kind = "new:") {
        ASSERT_TRUE(world.stores.credentials->set({zhang, kind + password, world.clock.wall(), mustChange}, 3).ok());
    }
    void change(const std::function<void(store::PersonRecord&)>& edit) {
        auto person = **world.stores.people->get(zhang);
        edit(person);
        ASSERT_TRUE(world.stores.people->update(person).ok());
        ASSERT_TRUE(holder.reload().ok());
    }
    core::Result<LoginResult> signIn(const std::string& name, const std::string& password,
                                     const std::string& deviceCookie = {}) {
        const auto admission = authenticator.begin(name, {"10.1.2.3", "", "Firefox"}, deviceCookie);
        if (!admission.admitted) return core::makeError(ErrorCode::kThrottled, "");
        return authenticator.finish(admission.attempt, authenticator.verify(admission.attempt, Secret(password)));
    }

    test::World world;
    DirectoryHolder holder{world.stores};
    CountingHashing hashing;
    PasswordPolicy policy;
    LoginThrottle throttle{{}, world.clock, *world.stores.locks};
    DeviceCookies devices{world.sealer, world.clock, world.random};
    PasswordAuthenticator authenticator{{world.stores, holder, hashing, policy, throttle, devices, world.clock}};
    PersonId zhang = 0;
};

TEST_F(AuthenticatorTest, SignsInBySpellingsOfOneName) {
    for (const char* name : {"zhang", "ZHANG", "ｚｈａｎｇ"}) {
        const auto result = signIn(name, "Kelch-7mond");
        ASSERT_TRUE(result.ok()) << name;
        EXPECT_EQ(result->person, zhang);
        EXPECT_EQ(result->mustChange, MustChange::kNo);
    }
}

TEST_F(AuthenticatorTest, TellsNoCauseToTheOutsideAndEveryCauseToTheLog) {
    std::set<std::string> messages;
    std::vector<std::string> causes;
    const auto note = [&](const core::Result<LoginResult>& result) {
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.error().code, ErrorCode::kUnauthenticated);
        messages.insert(result.error().message);
        causes.push_back(result.error().detail);
    };
    note(signIn("nobody", "Kelch-7mond"));
    note(signIn("no such name!", "x"));
    note(signIn("zhang", "wrong"));
    change([](auto& person) { person.state = store::PersonState::kDisabled; });
    note(signIn("zhang", "Kelch-7mond"));
    change([&](auto& person) {
        person.state = store::PersonState::kActive;
        person.expiresAt = world.clock.wall();
    });
    note(signIn("zhang", "Kelch-7mond"));
    EXPECT_EQ(messages.size(), 1U);
    EXPECT_EQ(causes,
              (std::vector<std::string>{"unknown_user", "unknown_user", "wrong_password", "disabled", "expired"}));
}

TEST_F(AuthenticatorTest, HashesOnceWhoeverItIs) {
    const auto cost = [&](const std::string& name, const std::string& password) {
        const int before = hashing.verifies + hashing.hashes;
        static_cast<void>(signIn(name, password));
        return hashing.verifies + hashing.hashes - before;
    };
    EXPECT_EQ(cost("zhang", "Kelch-7mond"), 1);
    EXPECT_EQ(cost("zhang", "wrong"), 1);
    EXPECT_EQ(cost("nobody", "wrong"), 1);
    EXPECT_EQ(cost("not a name!", "wrong"), 1);
    EXPECT_EQ(cost("nobody", "\x01"), 1);
    change([](auto& person) { person.state = store::PersonState::kDisabled; });
    EXPECT_EQ(cost("zhang", "Kelch-7mond"), 1);
}

TEST_F(AuthenticatorTest, NeverMatchesTheDummy) {
    EXPECT_FALSE(signIn("nobody", "\x01").ok());
}

TEST_F(AuthenticatorTest, TreatsUnknownNamesLikeKnownOnesWhenThrottling) {
    for (const std::string name : {"zhang", "nobody"}) {
        std::vector<ErrorCode> codes;
        for (int i = 0; i < 5; ++i) codes.push_back(signIn(name, "wrong").error().code);
        EXPECT_EQ(codes,
                  (std::vector<ErrorCode>{ErrorCode::kUnauthenticated, ErrorCode::kUnauthenticated,
                                          ErrorCode::kUnauthenticated, ErrorCode::kThrottled, ErrorCode::kThrottled}))
            << name;
    }
}

TEST_F(AuthenticatorTest, ChecksNoMorePasswordsInParallelThanTheLimit) {
    std::atomic<int> admitted{0};
    const int before = hashing.verifies;
    test::together(20, [&](int) {
        const auto admission = authenticator.begin("zhang", {"203.0.113.9", "", ""}, "");
        if (!admission.admitted) return;
        ++admitted;
        EXPECT_FALSE(
            authenticator.finish(admission.attempt, authenticator.verify(admission.attempt, Secret("guess"))).ok());
    });
    EXPECT_LE(admitted.load(), 3);
    EXPECT_EQ(hashing.verifies - before, admitted.load());
    EXPECT_TRUE(signIn("zhang", "Kelch-7mond").ok()) << "the owner elsewhere is not touched";
}

TEST_F(AuthenticatorTest, LetsAKnownDeviceInThoughItsNetworkIsLocked) {
    const auto first = signIn("zhang", "Kelch-7mond");
    ASSERT_FALSE(first->deviceCookie.empty());
    for (int i = 0; i < 5; ++i) {
        world.clock.advance(seconds(10));
        EXPECT_EQ(signIn("zhang", "wrong").error().code, ErrorCode::kUnauthenticated);
    }
    EXPECT_EQ(signIn("zhang", "Kelch-7mond").error().code, ErrorCode::kThrottled);
    const auto known = signIn("zhang", "Kelch-7mond", first->deviceCookie);
    ASSERT_TRUE(known.ok());
    EXPECT_TRUE(known->deviceCookie.empty()) << "it has one";
    EXPECT_EQ(signIn("zhang", "Kelch-7mond", first->deviceCookie + "x").error().code, ErrorCode::kThrottled);
}

TEST_F(AuthenticatorTest, BindsADeviceCookieToItsAccount) {
    const auto cookie = devices.issue("zhang");
    EXPECT_EQ(devices.read("zhang", *cookie).size(), 32U);
    EXPECT_EQ(devices.read("zhan", *cookie), "");
    EXPECT_EQ(devices.read("zhangg", *cookie), "");
    EXPECT_EQ(devices.read("", *cookie), "");
    world.clock.advance(DeviceCookies::kLifetime);
    EXPECT_EQ(devices.read("zhang", *cookie), "");
}

TEST_F(AuthenticatorTest, SaysWhenThePasswordHasToBeReplaced) {
    world.clock.advance(std::chrono::days(90));
    EXPECT_EQ(signIn("zhang", "Kelch-7mond")->mustChange, MustChange::kExpired);
    setPassword("Kelch-8mond", true);
    EXPECT_EQ(signIn("zhang", "Kelch-8mond")->mustChange, MustChange::kSetByOther);
}

TEST_F(AuthenticatorTest, HashesAgainWithTheNewCostAfterSuccessOnly) {
    setPassword("Kelch-7mond", false, "old:");
    EXPECT_FALSE(signIn("zhang", "wrong").ok());
    EXPECT_EQ(hashing.hashes, 0);
    EXPECT_TRUE(signIn("zhang", "Kelch-7mond").ok());
    EXPECT_EQ((*world.stores.credentials->get(zhang))->encodedHash, "new:Kelch-7mond");
}

TEST_F(AuthenticatorTest, RefusesAKnownPersonWithoutPassword) {
    world.person("li");
    ASSERT_TRUE(holder.reload().ok());
    const auto result = signIn("li", "\x01");
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().detail, "wrong_password");
}

TEST_F(AuthenticatorTest, GivesAnAbandonedTryBack) {
    for (int i = 0; i < 50; ++i) {
        const auto admission = authenticator.begin("zhang", {"10.1.2.3", "", ""}, "");
        ASSERT_TRUE(admission.admitted);
        authenticator.abandon(admission.attempt);
    }
}

}  // namespace
}  // namespace yimen::identity
