#include "unit/store/backend.h"

namespace yimen::store::test {

using core::fromUnixSeconds;

class SharePushStoreTest : public StoreTest<SqliteBackend> {
protected:
    ShareRecord asked() const {
        ShareRecord record;
        record.item = "ZS-MS-005";
        record.unit = "D02";
        return record;
    }
    ShareId share = stores.shares->create(asked(), {})->id;
    SharePushRecord push{share, "https://hr.example/in", 1, 1, "{}", 0, 0, fromUnixSeconds(5), false, ""};
};

TEST_F(SharePushStoreTest, KeepsStateAndDeliveryTogether) {
    ASSERT_TRUE(stores.sharePushes->put(push).ok());
    push.failures = 1;
    push.lastError = "no answer";
    ShareDelivery delivery{1, 20, 1, 0, fromUnixSeconds(6), fromUnixSeconds(6), false};
    ASSERT_TRUE(stores.sharePushes->note(push, delivery).ok());
    push.failures = 0;
    push.acknowledged = 1;
    push.position = R"({"from":7})";
    delivery.lastAt = fromUnixSeconds(9);
    delivery.status = 200;
    delivery.acknowledged = true;
    ASSERT_TRUE(stores.sharePushes->note(push, delivery).ok());
    const Stores again = reopened();
    EXPECT_EQ(**again.sharePushes->get(share), push);
    delivery.attempts = 2;
    EXPECT_EQ(again.sharePushes->deliveries(share, 10)->front(), delivery);
    EXPECT_EQ(again.sharePushes->all()->size(), 1U);
    ASSERT_TRUE(again.sharePushes->remove(share).ok());
    EXPECT_TRUE(again.sharePushes->deliveries(share, 10)->empty());
    EXPECT_EQ(again.sharePushes->remove(share).error().code, core::ErrorCode::kNotFound);
}

TEST_F(SharePushStoreTest, KeepsNothingOfATryWhoseDeliveryCannotBeKept) {
    push.share = share + 50;
    EXPECT_FALSE(stores.sharePushes->note(push, {1, 1, 1, 200, {}, {}, true}).ok());
    EXPECT_TRUE(stores.sharePushes->all()->empty());
}

}  // namespace yimen::store::test
