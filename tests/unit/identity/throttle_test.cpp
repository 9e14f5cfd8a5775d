#include "identity/throttle.h"

#include "unit/identity/fixture.h"

namespace yimen::identity {

using std::chrono::seconds;
using test::together;

namespace {

class ThrottleTest : public ::testing::Test {
protected:
    std::unique_ptr<LoginThrottle> makeThrottle() {
        return std::make_unique<LoginThrottle>(limits, world.clock, *world.stores.locks);
    }
    static LoginSource from(const std::string& ip, const std::string& device = {}) { return {ip, device, ""}; }
    bool guessWrong(const std::string& account, const LoginSource& source) {
        if (!throttle->admit(account, source).admitted) return false;
        throttle->failed(account, source);
        return true;
    }
    void lockOut(const std::string& account, const LoginSource& source) {
        for (int i = 0; i < limits.lockAfter; ++i) {
            world.clock.advance(seconds(10));
            ASSERT_TRUE(guessWrong(account, source)) << i;
        }
    }

    test::World world;
    ThrottleLimits limits;
    std::unique_ptr<LoginThrottle> throttle = makeThrottle();
    LoginSource attacker = from("203.0.113.9");
    LoginSource home = from("10.1.2.3");
};

TEST(NetworkOf, GroupsAddressesOfOneSubscriber) {
    EXPECT_EQ(networkOf("10.1.2.3"), "10.1.2.0/24");
    EXPECT_EQ(networkOf("::ffff:10.1.2.99"), "10.1.2.0/24");
    EXPECT_EQ(networkOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    EXPECT_EQ(networkOf("not an address"), "not an address");
}

TEST_F(ThrottleTest, DelaysMoreWithEveryFailureAndThenLocks) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(guessWrong("zhang", attacker)) << i;
    auto decision = throttle->admit("zhang", attacker);
    EXPECT_FALSE(decision.admitted);
    EXPECT_EQ(decision.retryAfter, seconds(1));
    EXPECT_FALSE(decision.locked);
    world.clock.advance(seconds(1));
    EXPECT_TRUE(guessWrong("zhang", attacker));
    EXPECT_EQ(throttle->admit("zhang", attacker).retryAfter, seconds(2));
    world.clock.advance(seconds(2));
    EXPECT_TRUE(guessWrong("zhang", attacker));
    decision = throttle->admit("zhang", attacker);
    EXPECT_TRUE(decision.locked);
    EXPECT_EQ(decision.retryAfter, seconds(900));
    world.clock.advance(seconds(899));
    EXPECT_FALSE(throttle->admit("zhang", attacker).admitted);
    world.clock.advance(seconds(1));
    EXPECT_TRUE(throttle->admit("zhang", attacker).admitted);
}

TEST_F(ThrottleTest, NeverLetsAnOutsiderLockTheOwnerOut) {
    lockOut("zhang", attacker);
    EXPECT_TRUE(throttle->admit("zhang", home).admitted);
}

TEST_F(ThrottleTest, SharesOneCounterInOneNetwork) {
    lockOut("zhang", attacker);
    EXPECT_FALSE(throttle->admit("zhang", from("203.0.113.200")).admitted);
    EXPECT_TRUE(throttle->admit("li", from("203.0.113.200")).admitted) << "another account is not locked";
}

TEST_F(ThrottleTest, GivesAKnownDeviceItsOwnCounter) {
    lockOut("zhang", home);
    EXPECT_FALSE(throttle->admit("zhang", home).admitted);
    const LoginSource device = from("10.1.2.3", "d1");
    EXPECT_TRUE(throttle->admit("zhang", device).admitted) << "an insider in the same network cannot lock it out";
    throttle->succeeded("zhang", device);
    lockOut("zhang", device);
    EXPECT_FALSE(throttle->admit("zhang", device).admitted) << "but a stolen device gets no more tries than others";
}

TEST_F(ThrottleTest, AdmitsNoMoreParallelTriesThanTheLimit) {
    limits.freeFailures = 5;
    for (int round = 0; round < 20; ++round) {
        throttle = makeThrottle();
        std::atomic<int> admitted{0};
        together(20, [&](int) {
            if (throttle->admit("zhang", attacker).admitted) ++admitted;
        });
        EXPECT_EQ(admitted.load(), limits.lockAfter);
    }
}

TEST_F(ThrottleTest, ForgetsAfterSuccessAndAfterAWhile) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(guessWrong("zhang", home));
    world.clock.advance(seconds(1));
    ASSERT_TRUE(throttle->admit("zhang", home).admitted);
    throttle->succeeded("zhang", home);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(guessWrong("zhang", home));
    EXPECT_FALSE(guessWrong("zhang", home));
    world.clock.advance(limits.forgetAfter);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(guessWrong("zhang", home));
}

TEST_F(ThrottleTest, GivesATryBackThatWasNeverChecked) {
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(throttle->admit("zhang", home).admitted) << i;
        throttle->abandoned("zhang", home);
    }
}

TEST_F(ThrottleTest, SlowsStrangersOfAnAccountUnderAttackFromManyNetworks) {
    ASSERT_TRUE(throttle->admit("zhang", home).admitted);
    throttle->succeeded("zhang", home);
    int admitted = 0;
    for (int i = 0; i < 200; ++i) {
        if (guessWrong("zhang", from("198.51." + std::to_string(i) + ".1"))) ++admitted;
    }
    EXPECT_EQ(admitted, limits.accountFailures);
    EXPECT_EQ(throttle->admit("zhang", from("192.0.2.1")).retryAfter, limits.strangerDelay);
    EXPECT_TRUE(throttle->admit("zhang", home).admitted) << "a known network does not notice";
    EXPECT_TRUE(throttle->admit("zhang", from("192.0.2.1", "d1")).admitted) << "nor does a known device";
    EXPECT_TRUE(throttle->admit("li", from("192.0.2.1")).admitted) << "nor do others";
}

TEST_F(ThrottleTest, SlowsANetworkThatTriesManyAccounts) {
    int admitted = 0;
    for (int i = 0; i < 300; ++i) {
        if (guessWrong("user" + std::to_string(i), attacker)) ++admitted;
    }
    EXPECT_EQ(admitted, limits.networkFailures);
    EXPECT_EQ(throttle->admit("zhang", attacker).retryAfter, seconds(1));
    EXPECT_TRUE(throttle->admit("zhang", from("203.0.113.9", "d1")).admitted);
    EXPECT_TRUE(throttle->admit("zhang", home).admitted);
}

TEST_F(ThrottleTest, KeepsLocksOverARestart) {
    lockOut("zhang", attacker);
    world.clock.advance(seconds(300));
    throttle = makeThrottle();
    ASSERT_TRUE(throttle->load().ok());
    const auto decision = throttle->admit("zhang", attacker);
    EXPECT_TRUE(decision.locked);
    EXPECT_EQ(decision.retryAfter, seconds(600));
    world.clock.advance(seconds(600));
    EXPECT_TRUE(throttle->admit("zhang", attacker).admitted);
}

TEST_F(ThrottleTest, UnlocksOneAccountEverywhereForGood) {
    lockOut("zhang", attacker);
    lockOut("li", attacker);
    ASSERT_TRUE(throttle->unlock("zhang").ok());
    EXPECT_TRUE(throttle->admit("zhang", attacker).admitted);
    EXPECT_FALSE(throttle->admit("li", attacker).admitted);
    throttle = makeThrottle();
    ASSERT_TRUE(throttle->load().ok());
    EXPECT_TRUE(throttle->admit("zhang", attacker).admitted);
    EXPECT_FALSE(throttle->admit("li", attacker).admitted);
}

TEST_F(ThrottleTest, KeepsABoundedNumberOfCounters) {
    limits.maxEntries = 10;
    limits.networkFailures = 1000000;
    throttle = makeThrottle();
    for (int i = 0; i < 5; ++i) {
        world.clock.advance(seconds(10));
        EXPECT_TRUE(guessWrong("zhang", attacker));
        for (int j = 0; j < 3; ++j) guessWrong("x" + std::to_string(i) + std::to_string(j), from("198.51.100.1"));
    }
    SUCCEED() << "no growth and no use after eviction; the sanitizers look";
}

}  // namespace
}  // namespace yimen::identity
