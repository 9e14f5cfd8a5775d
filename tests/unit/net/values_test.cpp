#include <gtest/gtest.h>

#include <set>
#include <string>

#include "net/client_limits.h"
#include "net/forwarded.h"
#include "net/metrics.h"
#include "net/proxy_header.h"
#include "net/reply.h"

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

Peer forwarded(std::vector<Field> fields) {
    RequestHead head;
    head.fields = fields;
    Peer peer;
    peer.connection = peer.client = address("10.0.0.1");
    const Cidr trusted[] = {cidr("10.0.0.0/8")};
    applyForwardedFields(head, trusted, peer);
    return peer;
}

TEST(ForwardedFields, TakeTheRightmostStranger) {
    const auto client = [](const char* value) {
        return forwarded({{"X-Forwarded-For", value, FieldId::kXForwardedFor, false}}).client.text();
    };
    EXPECT_EQ(client("203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client("6.6.6.6, 203.0.113.9, 10.0.0.7"), "203.0.113.9") << "what a client wrote itself is not believed";
    EXPECT_EQ(client("203.0.113.9:4711"), "203.0.113.9");
    EXPECT_EQ(client("[2001:db8::9]:4711"), "2001:db8::9");
    EXPECT_EQ(client("unknown"), "10.0.0.1");
    EXPECT_EQ(client("203.0.113.9, junk"), "10.0.0.1");
}

TEST(ForwardedFields, BelieveOneProtocolOnly) {
    EXPECT_TRUE(forwarded({{"X-Forwarded-Proto", "https", FieldId::kXForwardedProto, false}}).secure);
    EXPECT_FALSE(forwarded({{"X-Forwarded-Proto", "http", FieldId::kXForwardedProto, false}}).secure);
    EXPECT_FALSE(forwarded({{"X-Forwarded-Proto", "https", FieldId::kXForwardedProto, false},
                            {"X-Forwarded-Proto", "http", FieldId::kXForwardedProto, false}})
                     .secure);
}

const std::string kProxyStart("\r\n\r\n\0\r\nQUIT\n", 12);

std::string proxyV4(const std::string& extra = {}) {
    std::string block("\xcb\x00\x71\x05\x7f\x00\x00\x01\x12\x67\x01\xbb", 12);
    block += extra;
    std::string text = kProxyStart + "\x21\x11";
    text += static_cast<char>(block.size() / 256);
    text += static_cast<char>(block.size() % 256);
    return text + block;
}

TEST(ProxyHeader, ReadsSourceAndTls) {
    const ProxyHeader plain = parseProxyHeader(proxyV4() + "GET /");
    ASSERT_EQ(plain.outcome, ProxyHeader::Outcome::kDone);
    EXPECT_EQ(plain.source.text(), "203.0.113.5");
    EXPECT_EQ(plain.source.port, 0x1267);
    EXPECT_EQ(plain.length, 28U);
    EXPECT_FALSE(plain.secure);
    EXPECT_TRUE(parseProxyHeader(proxyV4(std::string("\x20\x00\x05\x01\x00\x00\x00\x00", 8))).secure);
    EXPECT_FALSE(parseProxyHeader(proxyV4(std::string("\x20\x00\x50\x01", 4))).secure) << "TLV longer than the rest";
}

TEST(ProxyHeader, WaitsForAllOfItAndRefusesTheRest) {
    const std::string whole = proxyV4();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(parseProxyHeader(whole.substr(0, size)).outcome, ProxyHeader::Outcome::kMore) << size;
    }
    EXPECT_EQ(parseProxyHeader("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n").outcome, ProxyHeader::Outcome::kBad);
    EXPECT_EQ(parseProxyHeader("GET / HTTP/1.1").outcome, ProxyHeader::Outcome::kBad);
    EXPECT_EQ(parseProxyHeader(kProxyStart + std::string("\x11\x11\x00\x0c", 4)).outcome, ProxyHeader::Outcome::kBad);
    EXPECT_EQ(parseProxyHeader(kProxyStart + std::string("\x21\x12\x00\x0c", 4) + std::string(12, 'x')).outcome,
              ProxyHeader::Outcome::kBad)
        << "UDP";
    EXPECT_EQ(parseProxyHeader(kProxyStart + std::string("\x21\x11\xff\xff", 4)).outcome, ProxyHeader::Outcome::kBad);
    const ProxyHeader local = parseProxyHeader(kProxyStart + std::string("\x20\x00\x00\x00", 4));
    EXPECT_EQ(local.outcome, ProxyHeader::Outcome::kDone);
    EXPECT_FALSE(local.hasSource);
}

TEST(Metrics, HaveUniqueNames) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Counter::kCount); ++i) {
        names.insert(counterName(static_cast<Counter>(i)));
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(Counter::kCount));
    EXPECT_EQ(counterName(Counter::kResponses2xx), "net_responses_2xx_total");
    EXPECT_EQ(counterName(Counter::kTurns), "net_turns_total");
    EXPECT_TRUE(isGauge(Counter::kIdleUpstream));
}

TEST(Reply, NamesItsStatus) {
    EXPECT_EQ(reasonPhrase(431), "Request Header Fields Too Large");
    EXPECT_EQ(reasonPhrase(299), "Unknown");
}

}  // namespace
}  // namespace yimen::net
