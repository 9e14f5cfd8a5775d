#include "policy/ip_address.h"

#include <gtest/gtest.h>

namespace yimen::policy {
namespace {

TEST(IpAddress, TakesAMappedAddressForTheSame) {
    EXPECT_EQ(IpAddress::parse("::ffff:10.1.2.3").value(), IpAddress::parse("10.1.2.3").value());
    EXPECT_TRUE(IpAddress::parse("::ffff:10.1.2.3").value().isV4());
    EXPECT_FALSE(IpAddress::parse("::1").value().isV4());
}

TEST(IpAddress, RefusesOtherSpellings) {
    for (const char* text : {"", "10.1.2", "010.1.2.3", "10.1.2.3.4", "0x0a.1.2.3", "167838211", "1.2.3.4:80", "[::1]",
                             "fe80::1%eth0", "::g", "1.2.3.4 "}) {
        EXPECT_FALSE(IpAddress::parse(text).ok()) << text;
    }
}

TEST(Cidr, ContainsItsAddressesOnly) {
    const Cidr ten = Cidr::parse("10.0.0.0/9").value();
    EXPECT_TRUE(ten.contains(IpAddress::parse("10.127.255.255").value()));
    EXPECT_FALSE(ten.contains(IpAddress::parse("10.128.0.0").value()));
    EXPECT_TRUE(ten.contains(IpAddress::parse("::ffff:10.0.0.1").value()));
    const Cidr six = Cidr::parse("2001:db8::/33").value();
    EXPECT_TRUE(six.contains(IpAddress::parse("2001:db8:7fff::").value()));
    EXPECT_FALSE(six.contains(IpAddress::parse("2001:db8:8000::").value()));
    EXPECT_TRUE(Cidr::parse("0.0.0.0/0").value().contains(IpAddress::parse("8.8.8.8").value()));
    EXPECT_FALSE(Cidr::parse("0.0.0.0/0").value().contains(IpAddress::parse("2001::").value()));
}

TEST(Cidr, CoversNarrowerOnes) {
    EXPECT_TRUE(Cidr::parse("10.0.0.0/8").value().covers(Cidr::parse("10.3.0.0/16").value()));
    EXPECT_FALSE(Cidr::parse("10.3.0.0/16").value().covers(Cidr::parse("10.0.0.0/8").value()));
}

TEST(Cidr, RefusesSurplusBitsAndLengths) {
    for (const char* text : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/a", "::/129", "/8"}) {
        EXPECT_FALSE(Cidr::parse(text).ok()) << text;
    }
}

}  // namespace
}  // namespace yimen::policy
