#include "sync/counters.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(Counters, BalanceOnlyWhenEachRowReadIsAccountedFor) {
    Counters counters{10, 1, 2, 3, 1, 2, 1, 5};
    EXPECT_TRUE(counters.balanced());
    ++counters.inserted;
    EXPECT_FALSE(counters.balanced());
}

}  // namespace
}  // namespace yimen::sync
