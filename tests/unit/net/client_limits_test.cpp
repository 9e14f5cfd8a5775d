#include "net/client_limits.h"

#include <gtest/gtest.h>

namespace yimen::net {
namespace {

Address address(const char* text) {
    return Address::parse(text).value();
}

TEST(ClientLimits, CountsPerAddressAndPerSlash64) {
    ClientLimits limits(2);
    EXPECT_TRUE(limits.enter(address("10.0.0.1")));
    EXPECT_TRUE(limits.enter(address("10.0.0.1")));
    EXPECT_FALSE(limits.enter(address("10.0.0.1")));
    EXPECT_TRUE(limits.enter(address("10.0.0.2")));
    limits.leave(address("10.0.0.1"));
    EXPECT_TRUE(limits.enter(address("10.0.0.1")));
    EXPECT_TRUE(limits.enter(address("2001:db8::1")));
    EXPECT_TRUE(limits.enter(address("2001:db8::2")));
    EXPECT_FALSE(limits.enter(address("2001:db8::3")));
}

}  // namespace
}  // namespace yimen::net
