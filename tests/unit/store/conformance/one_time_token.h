#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::fromUnixSeconds;

template <typename Backend>
class OneTimeTokenConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE_P(OneTimeTokenConformance);

TYPED_TEST_P(OneTimeTokenConformance, GivesATokenToOneOfManyParallelCalls) {
    for (int round = 0; round < 50; ++round) {
        const std::string hash = "hash" + std::to_string(round);
        ASSERT_TRUE(this->stores.oneTimeTokens->put({hash, "reset", 7, fromUnixSeconds(100)}).ok());
        std::atomic<int> won{0};
        std::atomic<int> failed{0};
        together(20, [&](int) {
            const auto got = this->stores.oneTimeTokens->consume(hash, "reset", fromUnixSeconds(1));
            if (!got.ok()) {
                ++failed;
            } else if (got->has_value()) {
                ++won;
            }
        });
        ASSERT_EQ(won.load(), 1);
        ASSERT_EQ(failed.load(), 0);
    }
}

TYPED_TEST_P(OneTimeTokenConformance, RefusesAnotherPurposeAndALateOneWithoutUsingItUp) {
    auto& tokens = *this->stores.oneTimeTokens;
    ASSERT_TRUE(tokens.put({"h", "reset", 7, fromUnixSeconds(100)}).ok());
    EXPECT_FALSE(tokens.consume("h", "first_admin", fromUnixSeconds(1))->has_value());
    EXPECT_FALSE(tokens.consume("h", "reset", fromUnixSeconds(100))->has_value());
    const auto got = tokens.consume("h", "reset", fromUnixSeconds(99));
    ASSERT_TRUE(got->has_value());
    EXPECT_EQ((*got)->person, 7);
    EXPECT_FALSE(tokens.consume("h", "reset", fromUnixSeconds(99))->has_value());
}

TYPED_TEST_P(OneTimeTokenConformance, StaysUsedAfterReopening) {
    ASSERT_TRUE(this->stores.oneTimeTokens->put({"h", "reset", 7, fromUnixSeconds(100)}).ok());
    ASSERT_TRUE(this->stores.oneTimeTokens->consume("h", "reset", fromUnixSeconds(1))->has_value());
    const Stores again = this->reopened();
    EXPECT_FALSE(again.oneTimeTokens->consume("h", "reset", fromUnixSeconds(1))->has_value());
}

TYPED_TEST_P(OneTimeTokenConformance, RevokesAndPurges) {
    auto& tokens = *this->stores.oneTimeTokens;
    ASSERT_TRUE(tokens.put({"h1", "reset", 7, fromUnixSeconds(100)}).ok());
    ASSERT_TRUE(tokens.put({"h2", "reset", 8, fromUnixSeconds(200)}).ok());
    ASSERT_TRUE(tokens.revoke("reset", 7).ok());
    EXPECT_FALSE(tokens.consume("h1", "reset", fromUnixSeconds(1))->has_value());
    EXPECT_EQ(*tokens.purge(fromUnixSeconds(200)), 1);
}

REGISTER_TYPED_TEST_SUITE_P(OneTimeTokenConformance, GivesATokenToOneOfManyParallelCalls,
                            RefusesAnotherPurposeAndALateOneWithoutUsingItUp, StaysUsedAfterReopening,
                            RevokesAndPurges);

}  // namespace yimen::store::test
