#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::ErrorCode;
using core::fromUnixSeconds;

template <typename Backend>
class ShareConformance : public StoreTest<Backend> {
protected:
    ShareRecord made(const std::string& item) {
        ShareRecord share{0,
                          item,
                          "D02",
                          7,
                          "核对救助对象",
                          "社会救助暂行办法",
                          "{}",
                          "requested",
                          0,
                          fromUnixSeconds(10),
                          fromUnixSeconds(20),
                          fromUnixSeconds(1),
                          fromUnixSeconds(2)};
        auto created = this->stores.shares->create(share, {fromUnixSeconds(1), 7, "request", "requested", ""});
        EXPECT_TRUE(created.ok());
        return *created;
    }
};
TYPED_TEST_SUITE_P(ShareConformance);

TYPED_TEST_P(ShareConformance, KeepsEveryFieldAndTheHistoryAfterReopening) {
    ShareRecord share = this->made("ZS-MS-005");
    EXPECT_NE(share.id, this->made("ZS-MS-004").id);
    share.state = "active";
    share.decidedBy = 9;
    share.terms = R"({"rows_per_day":5})";
    share.changedAt = fromUnixSeconds(3);
    EXPECT_EQ(*this->stores.shares->update(share, {fromUnixSeconds(3), 9, "approve", "active", "合规"}), 2);
    const Stores again = this->reopened();
    share.version = 2;
    EXPECT_EQ(**again.shares->get(share.id), share);
    const std::vector<ShareEventRecord> expected{{fromUnixSeconds(1), 7, "request", "requested", ""},
                                                 {fromUnixSeconds(3), 9, "approve", "active", "合规"}};
    EXPECT_EQ(*again.shares->events(share.id), expected);
    EXPECT_EQ(again.shares->list("active")->size(), 1U);
    EXPECT_EQ(again.shares->list("")->front().item, "ZS-MS-004") << "newest first";
    EXPECT_FALSE(again.shares->get(share.id + 100)->has_value());
}

TYPED_TEST_P(ShareConformance, RefusesAChangeOfAnOldVersionWithItsHistory) {
    const ShareRecord share = this->made("ZS-MS-005");
    auto& shares = *this->stores.shares;
    ASSERT_TRUE(shares.update(share, {{}, 9, "approve", "active", ""}).ok());
    const auto late = shares.update(share, {{}, 8, "refuse", "refused", ""});
    ASSERT_FALSE(late.ok());
    EXPECT_EQ(late.error().code, ErrorCode::kConflict);
    EXPECT_EQ(shares.events(share.id)->size(), 2U);
}

TYPED_TEST_P(ShareConformance, KeepsTokensAndRevokesThemOnce) {
    const ShareRecord share = this->made("ZS-MS-005");
    const ShareRecord other = this->made("ZS-MS-004");
    auto& access = *this->stores.shareAccess;
    const auto token = access.addToken({0, share.id, "人社系统", "abcd", 7, fromUnixSeconds(5), {}, {}});
    ASSERT_TRUE(token.ok());
    ASSERT_TRUE(access.noteUse(token->id, fromUnixSeconds(6)).ok());
    EXPECT_EQ(access.revokeToken(other.id, token->id, fromUnixSeconds(7)).error().code, ErrorCode::kNotFound);
    EXPECT_TRUE(access.revokeToken(share.id, token->id, fromUnixSeconds(7)).ok());
    EXPECT_EQ(access.revokeToken(share.id, token->id, fromUnixSeconds(8)).error().code, ErrorCode::kConflict);
    const Stores again = this->reopened();
    const auto found = again.shareAccess->tokens(share.id);
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().hash, "abcd");
    EXPECT_EQ(found->front().lastUsedAt, fromUnixSeconds(6));
    EXPECT_EQ(found->front().revokedAt, fromUnixSeconds(7));
    EXPECT_FALSE(again.shareAccess->token(token->id + 1)->has_value());
}

TYPED_TEST_P(ShareConformance, LetsNoNumberOfParallelCallsPastTheQuota) {
    const ShareRecord share = this->made("ZS-MS-005");
    std::atomic<int> granted{0};
    together(8, [&](int) {
        for (int i = 0; i < 10; ++i) {
            const auto taken = this->stores.shareAccess->take(share.id, 20000, 7, {1000, 100});
            ASSERT_TRUE(taken.ok());
            if (*taken) ++granted;
        }
    });
    EXPECT_EQ(granted.load(), 14) << "14 times 7 rows fit into 100";
    const std::vector<ShareUse> expected{{20000, 14, 98}};
    EXPECT_EQ(*this->stores.shareAccess->uses(share.id, 20000), expected);
    EXPECT_TRUE(*this->stores.shareAccess->take(share.id, 20001, 100, {1, 100})) << "another day";
    EXPECT_FALSE(*this->stores.shareAccess->take(share.id, 20001, 0, {1, 100})) << "calls are counted too";
    EXPECT_EQ(this->stores.shareAccess->uses(share.id, 20001)->size(), 1U);
}

REGISTER_TYPED_TEST_SUITE_P(ShareConformance, KeepsEveryFieldAndTheHistoryAfterReopening,
                            RefusesAChangeOfAnOldVersionWithItsHistory, KeepsTokensAndRevokesThemOnce,
                            LetsNoNumberOfParallelCallsPastTheQuota);

}  // namespace yimen::store::test
