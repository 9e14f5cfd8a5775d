#include "net/address.h"

#include <gtest/gtest.h>

namespace yimen::net {
namespace {

Address address(const char* text) {
    return Address::parse(text).value();
}

Cidr cidr(const char* text) {
    return Cidr::parse(text).value();
}

TEST(Address, KnowsOneFormOfIpv4) {
    EXPECT_TRUE(address("10.0.0.1").sameHost(address("::ffff:10.0.0.1")));
    EXPECT_EQ(address("::ffff:10.0.0.1").text(), "10.0.0.1");
    EXPECT_EQ(address("2001:DB8::1").text(), "2001:db8::1");
    for (const char* bad : {"", "10.0.0", "10.0.0.256", "1.2.3.4 ", "::1%lo", "[::1]", "example"}) {
        EXPECT_FALSE(Address::parse(bad).ok()) << bad;
    }
}

TEST(Cidr, ContainsByPrefix) {
    EXPECT_TRUE(cidr("10.0.0.0/8").contains(address("10.255.0.1")));
    EXPECT_FALSE(cidr("10.0.0.0/8").contains(address("11.0.0.1")));
    EXPECT_TRUE(cidr("10.128.0.0/9").contains(address("10.200.0.1")));
    EXPECT_FALSE(cidr("10.128.0.0/9").contains(address("10.127.0.1")));
    EXPECT_TRUE(cidr("0.0.0.0/0").contains(address("8.8.8.8")));
    EXPECT_FALSE(cidr("0.0.0.0/0").contains(address("2001:db8::1")));
    EXPECT_TRUE(cidr("127.0.0.1").contains(address("::ffff:127.0.0.1")));
    for (const char* bad : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "x/8", "10.0.0.0/8x"}) {
        EXPECT_FALSE(Cidr::parse(bad).ok()) << bad;
    }
}

}  // namespace
}  // namespace yimen::net
