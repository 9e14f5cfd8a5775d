#include <gtest/gtest.h>

#include "crypto/digest.h"

namespace yimen::crypto {
namespace {

TEST(SelfTest, EveryPrimitiveGivesItsKnownAnswer) {
    const auto status = selfTest();
    EXPECT_TRUE(status.ok()) << status.error().describe();
}

}  // namespace
}  // namespace yimen::crypto
