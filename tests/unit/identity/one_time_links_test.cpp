#include "identity/one_time_links.h"

#include "unit/identity/fixture.h"

namespace yimen::identity {

using core::ErrorCode;
using std::chrono::seconds;

TEST(OneTimeLinks, WorkOnceForTheirPurpose) {
    test::World world;
    OneTimeLinks links(*world.stores.oneTimeTokens, world.clock, world.random);
    const auto token = links.issue(kPasswordResetPurpose, 7, seconds(100));
    ASSERT_TRUE(token.ok());
    EXPECT_EQ(links.redeem(kFirstAdminPurpose, *token).error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(*links.redeem(kPasswordResetPurpose, *token), 7);
    EXPECT_FALSE(links.redeem(kPasswordResetPurpose, *token).ok());
    EXPECT_FALSE(links.redeem(kPasswordResetPurpose, core::Secret("x")).ok());
}

TEST(OneTimeLinks, EndWithTheirTimeAndWithTheNextOne) {
    test::World world;
    OneTimeLinks links(*world.stores.oneTimeTokens, world.clock, world.random);
    const auto old = links.issue(kPasswordResetPurpose, 7, seconds(100));
    const auto fresh = links.issue(kPasswordResetPurpose, 7, seconds(100));
    EXPECT_FALSE(links.redeem(kPasswordResetPurpose, *old).ok());
    world.clock.advance(seconds(100));
    EXPECT_FALSE(links.redeem(kPasswordResetPurpose, *fresh).ok());
}

TEST(OneTimeLinks, OpenToOneOfManyParallelCalls) {
    test::World world;
    OneTimeLinks links(*world.stores.oneTimeTokens, world.clock, world.random);
    const auto token = links.issue(kFirstAdminPurpose, 0, seconds(100));
    std::atomic<int> won{0};
    test::together(20, [&](int) {
        if (links.redeem(kFirstAdminPurpose, *token).ok()) ++won;
    });
    EXPECT_EQ(won.load(), 1);
}

}  // namespace yimen::identity
