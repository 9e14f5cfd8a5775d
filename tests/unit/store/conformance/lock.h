#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::fromUnixSeconds;

template <typename Backend>
class LockConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE_P(LockConformance);

TYPED_TEST_P(LockConformance, KeepsLocksPerAccountAndSourceUntilTheirTime) {
    auto& locks = *this->stores.locks;
    ASSERT_TRUE(locks.put({"a", "10.0.0.0/24", 5, fromUnixSeconds(100)}).ok());
    ASSERT_TRUE(locks.put({"a", "10.0.0.0/24", 6, fromUnixSeconds(200)}).ok());
    ASSERT_TRUE(locks.put({"a", "device:x", 5, fromUnixSeconds(50)}).ok());
    ASSERT_TRUE(locks.put({"b", "10.0.0.0/24", 5, fromUnixSeconds(150)}).ok());
    const auto live = locks.load(fromUnixSeconds(60));
    ASSERT_EQ(live->size(), 2U);
    EXPECT_EQ((*live)[0].failures, 6);
    ASSERT_TRUE(locks.clear("a").ok());
    EXPECT_EQ(locks.load(fromUnixSeconds(60))->size(), 1U);
    EXPECT_EQ(*locks.purge(fromUnixSeconds(150)), 1);
}

REGISTER_TYPED_TEST_SUITE_P(LockConformance, KeepsLocksPerAccountAndSourceUntilTheirTime);

}  // namespace yimen::store::test
