#include "net/proxy_header.h"

#include <gtest/gtest.h>

#include <string>

namespace yimen::net {
namespace {

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
    EXPECT_EQ(plain.source.ip.text(), "203.0.113.5");
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

}  // namespace
}  // namespace yimen::net
