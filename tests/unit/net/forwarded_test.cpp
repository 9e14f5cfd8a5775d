#include "net/forwarded.h"

#include <gtest/gtest.h>

#include <vector>

namespace yimen::net {
namespace {

Address address(const char* text) {
    return Address::parse(text).value();
}

core::Cidr cidr(const char* text) {
    return core::Cidr::parse(text).value();
}

Peer forwarded(std::vector<Field> fields) {
    RequestHead head;
    head.fields = fields;
    Peer peer;
    peer.connection = peer.client = address("10.0.0.1");
    const core::Cidr trusted[] = {cidr("10.0.0.0/8")};
    applyForwardedFields(head, trusted, peer);
    return peer;
}

TEST(ForwardedFields, TakeTheRightmostStranger) {
    const auto client = [](const char* value) {
        return forwarded({{"X-Forwarded-For", value, FieldId::kXForwardedFor, false}}).client.ip.text();
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

}  // namespace
}  // namespace yimen::net
