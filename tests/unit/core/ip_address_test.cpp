#include "core/ip_address.h"

#include <gtest/gtest.h>

namespace yimen::core {
namespace {

IpAddress address(std::string_view text) {
    return IpAddress::parse(text).value();
}

Cidr cidr(const char* text) {
    return Cidr::parse(text).value();
}

TEST(IpAddress, TakesAMappedAddressForTheSame) {
    EXPECT_EQ(address("::ffff:10.1.2.3"), address("10.1.2.3"));
    EXPECT_TRUE(address("::ffff:10.1.2.3").isV4());
    EXPECT_FALSE(address("::1").isV4());
    EXPECT_FALSE(IpAddress().isV4());
}

TEST(IpAddress, WritesTheUsualForm) {
    EXPECT_EQ(address("::ffff:10.0.0.1").text(), "10.0.0.1");
    EXPECT_EQ(address("2001:DB8::1").text(), "2001:db8::1");
    EXPECT_EQ(IpAddress().text(), "::");
}

TEST(IpAddress, RefusesOtherSpellings) {
    using namespace std::string_view_literals;
    for (const auto text :
         {""sv, "10.1.2"sv, "010.1.2.3"sv, "10.1.2.3.4"sv, "0x0a.1.2.3"sv, "167838211"sv, "1.2.3.4:80"sv, "[::1]"sv,
          "fe80::1%eth0"sv, "::g"sv, "1.2.3.4 "sv, "10.0.0.256"sv, "example"sv, "10.0.0.1\0"sv, "::1\0x"sv}) {
        EXPECT_FALSE(IpAddress::parse(text).ok()) << text;
    }
}

TEST(IpAddress, ComesFromBytesAndGoesIntoThem) {
    const std::array<std::uint8_t, 4> four{10, 1, 2, 3};
    EXPECT_EQ(IpAddress::fromV4(four), address("10.1.2.3"));
    EXPECT_EQ(IpAddress::fromV4(four).v4Bytes()[3], 3);
    EXPECT_EQ(IpAddress::fromBytes(address("2001:db8::7").bytes()), address("2001:db8::7"));
}

TEST(IpAddress, CutsToTheFirstOfItsNetwork) {
    EXPECT_EQ(address("10.1.2.3").firstOf(96 + 24), address("10.1.2.0"));
    EXPECT_EQ(address("10.1.2.255").firstOf(96 + 31), address("10.1.2.254"));
    EXPECT_EQ(address("10.1.2.3").firstOf(128), address("10.1.2.3"));
    EXPECT_EQ(address("2001:db8:1:2:3::4").firstOf(64), address("2001:db8:1:2::"));
    EXPECT_EQ(address("2001:db8::1").firstOf(0), IpAddress());
}

TEST(Cidr, ContainsItsAddressesOnly) {
    EXPECT_TRUE(cidr("10.0.0.0/9").contains(address("10.127.255.255")));
    EXPECT_FALSE(cidr("10.0.0.0/9").contains(address("10.128.0.0")));
    EXPECT_TRUE(cidr("10.0.0.0/9").contains(address("::ffff:10.0.0.1")));
    EXPECT_FALSE(cidr("10.0.0.0/8").contains(address("11.0.0.1")));
    EXPECT_TRUE(cidr("2001:db8::/33").contains(address("2001:db8:7fff::")));
    EXPECT_FALSE(cidr("2001:db8::/33").contains(address("2001:db8:8000::")));
    EXPECT_TRUE(cidr("0.0.0.0/0").contains(address("8.8.8.8")));
    EXPECT_FALSE(cidr("0.0.0.0/0").contains(address("2001::")));
    EXPECT_TRUE(cidr("127.0.0.1").contains(address("::ffff:127.0.0.1")));
    EXPECT_FALSE(cidr("127.0.0.1").contains(address("127.0.0.2")));
    EXPECT_TRUE(cidr("::/0").contains(address("10.0.0.1")));
}

TEST(Cidr, CountsThePrefixOfAMappedNetworkFrom128) {
    EXPECT_TRUE(cidr("::ffff:10.0.0.0/104").contains(address("10.9.9.9")));
    EXPECT_FALSE(Cidr::parse("::ffff:10.0.0.0/8").ok());
}

TEST(Cidr, CoversNarrowerOnes) {
    EXPECT_TRUE(cidr("10.0.0.0/8").covers(cidr("10.3.0.0/16")));
    EXPECT_FALSE(cidr("10.3.0.0/16").covers(cidr("10.0.0.0/8")));
}

TEST(Cidr, RefusesSurplusBitsAndLengths) {
    for (const char* text : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/a", "10.0.0.0/8x",
                             "::/129", "/8", "x/8", "::1/64", "", "10.0.0.0/ 8", "010.0.0.0/8"}) {
        EXPECT_FALSE(Cidr::parse(text).ok()) << text;
    }
}

TEST(Cidr, IsFoundAmongSeveral) {
    const Cidr networks[] = {cidr("10.0.0.0/8"), cidr("2001:db8::/32")};
    EXPECT_TRUE(anyContains(networks, address("2001:db8::5")));
    EXPECT_FALSE(anyContains(networks, address("192.168.0.1")));
    EXPECT_FALSE(anyContains({}, address("10.0.0.1")));
}

}  // namespace
}  // namespace yimen::core
