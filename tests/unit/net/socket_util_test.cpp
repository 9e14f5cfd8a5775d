#include "net/socket_util.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yimen::net {
namespace {

Address roundTrip(const char* text, std::uint16_t port) {
    return SocketAddress::read(SocketAddress(Address::parse(text, port).value()).storage);
}

TEST(SocketUtil, CarriesAddressesThroughTheSystemsForm) {
    EXPECT_EQ(roundTrip("10.1.2.3", 8443).ip.text(), "10.1.2.3");
    EXPECT_EQ(roundTrip("10.1.2.3", 8443).port, 8443);
    EXPECT_EQ(roundTrip("2001:db8::7", 1).ip.text(), "2001:db8::7");
    EXPECT_EQ(roundTrip("2001:db8::7", 65535).port, 65535);
}

TEST(SocketUtil, SpeaksIpv4ToTheSystemForMappedAddresses) {
    EXPECT_EQ(SocketAddress(Address::parse("::ffff:10.1.2.3").value()).storage.ss_family, AF_INET);
    EXPECT_EQ(SocketAddress(Address::parse("::1").value()).storage.ss_family, AF_INET6);
}

TEST(SocketUtil, TakesAnUnknownFamilyForNoAddress) {
    sockaddr_storage local{};
    local.ss_family = AF_UNIX;
    EXPECT_EQ(SocketAddress::read(local).ip, core::IpAddress());
}

TEST(SocketUtil, ListensAndKnowsItsPort) {
    const auto listener = openListener(Address::parse("127.0.0.1").value());
    ASSERT_TRUE(listener.ok()) << listener.error().describe();
    const std::uint16_t port = boundPort(listener->get());
    EXPECT_NE(port, 0);
    const FileDescriptor client = startConnect(Address::parse("127.0.0.1", port).value());
    ASSERT_TRUE(client.open());
    EXPECT_EQ(connectError(client.get()), 0);
}

TEST(SocketUtil, SaysWhichAddressCannotBeHad) {
    // 192.0.2.0/24 is for documentation: no machine has it.
    const auto refused = openListener(Address::parse("192.0.2.1", 8443).value());
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message, testing::HasSubstr("192.0.2.1 port 8443"));
}

}  // namespace
}  // namespace yimen::net
