#include "unit/catalog/share_world.h"

namespace yimen::catalog::test {
namespace {

using core::ErrorCode;

class ShareTokensTest : public ::testing::Test {
protected:
    bool good(store::ShareId share, std::string_view text) { return world.tokens.check(share, text).ok(); }
    ShareWorld world;
    store::ShareId first = world.contract();
    store::ShareId second = world.contract();
};

TEST_F(ShareTokensTest, OpenTheirOwnShareUntilRevoked) {
    const auto issued = world.tokens.issue(first, "人社业务系统", 7);
    ASSERT_TRUE(issued.ok());
    const std::string text(issued->second.reveal());
    EXPECT_TRUE(good(first, text));
    EXPECT_FALSE(good(second, text)) << "of another contract";
    const auto kept = world.stores.shareAccess->tokens(first)->front();
    EXPECT_EQ(kept.hash.size(), 64U);
    EXPECT_EQ(text.find(kept.hash), std::string::npos);
    EXPECT_NE(kept.lastUsedAt, core::WallTime{});
    ASSERT_TRUE(world.stores.shareAccess->revokeToken(first, kept.id, world.clock.wall()).ok());
    EXPECT_FALSE(good(first, text));
}

TEST_F(ShareTokensTest, RefuseWhatIsNearlyOne) {
    const std::string text(world.tokens.issue(first, "系统", 7)->second.reveal());
    const std::vector<std::string> others{"",
                                          "yms_",
                                          "yms_1",
                                          text.substr(1),
                                          text + "A",
                                          text.substr(0, text.size() - 1),
                                          "yms_-1_x",
                                          "yms_99_" + text.substr(6),
                                          "yms_99999999999999999999_x"};
    for (const std::string& other : others) {
        const auto checked = world.tokens.check(first, other);
        ASSERT_FALSE(checked.ok()) << other;
        EXPECT_EQ(checked.error().code, ErrorCode::kUnauthenticated);
    }
    EXPECT_EQ(world.tokens.issue(first, " ", 7).error().code, ErrorCode::kInvalidInput);
    for (std::size_t i = 1; i < ShareTokens::kMaxPerShare; ++i) ASSERT_TRUE(world.tokens.issue(first, "系统", 7).ok());
    EXPECT_EQ(world.tokens.issue(first, "系统", 7).error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace yimen::catalog::test
