#include "identity/password_service.h"

#include "unit/identity/counting_hashing.h"
#include "unit/identity/fixture.h"

namespace yimen::identity {

using core::ErrorCode;

namespace {

class PasswordServiceTest : public ::testing::Test {
protected:
    void SetUp() override {
        zhang = world.person("zhangw88");
        ASSERT_TRUE(holder.reload().ok());
        ASSERT_TRUE(service.reset(zhang, Secret("Kelch-1mond"), true).ok());
    }
    test::World world;
    DirectoryHolder holder{world.stores};
    CountingHashing hashing;
    PasswordPolicy policy{{10, 128, 3, 3, 90, true, true}};
    PasswordService service{{world.stores, holder, hashing, policy, world.clock}};
    PersonId zhang = 0;
};

TEST_F(PasswordServiceTest, ChangesWithTheOldOneOnly) {
    EXPECT_TRUE((*world.stores.credentials->get(zhang))->mustChange);
    EXPECT_EQ(service.change(zhang, Secret("wrong"), Secret("Kelch-2mond")).error().code, ErrorCode::kUnauthenticated);
    ASSERT_TRUE(service.change(zhang, Secret("Kelch-1mond"), Secret("Kelch-2mond")).ok());
    const auto now = *world.stores.credentials->get(zhang);
    EXPECT_FALSE(now->mustChange);
    EXPECT_EQ(now->encodedHash, "new:Kelch-2mond");
    EXPECT_EQ(now->changedAt, world.clock.wall());
}

TEST_F(PasswordServiceTest, RefusesTheLastThreeAndNoMore) {
    ASSERT_TRUE(service.reset(zhang, Secret("Kelch-2mond"), false).ok());
    ASSERT_TRUE(service.reset(zhang, Secret("Kelch-3mond"), false).ok());
    for (const char* used : {"Kelch-1mond", "Kelch-2mond", "Kelch-3mond"}) {
        EXPECT_EQ(service.reset(zhang, Secret(used), false).error().code, ErrorCode::kInvalidInput) << used;
    }
    ASSERT_TRUE(service.reset(zhang, Secret("Kelch-4mond"), false).ok());
    EXPECT_TRUE(service.reset(zhang, Secret("Kelch-1mond"), false).ok());
}

TEST_F(PasswordServiceTest, AppliesTheRulesWithWhatIsKnownAboutThePerson) {
    const auto refused = service.reset(zhang, Secret("Zhangwei-7Kelch"), false);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(service.reset(4711, Secret("Kelch-9mond"), false).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(service.hashNew(Secret("short"), {}).error().code, ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace yimen::identity
