#include "crypto/digest.h"

#include <gtest/gtest.h>

namespace yimen::crypto {
namespace {

std::string hexDigest(DigestAlgorithm algorithm, std::string_view text) {
    return core::toHex(digest(algorithm, core::asBytes(text)));
}

TEST(Digest, GivesKnownAnswers) {
    EXPECT_EQ(hexDigest(DigestAlgorithm::kMd5, ""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(hexDigest(DigestAlgorithm::kSha1, ""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    EXPECT_EQ(hexDigest(DigestAlgorithm::kSha256, ""),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    // GB/T 32905-2016 annex A.2: 64 bytes "abcd" x 16.
    std::string text;
    for (int i = 0; i < 16; ++i) text += "abcd";
    EXPECT_EQ(hexDigest(DigestAlgorithm::kSm3, text),
              "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(Digest, NamesRoundTripAndUnknownNamesAreRefused) {
    for (const auto algorithm :
         {DigestAlgorithm::kMd5, DigestAlgorithm::kSha1, DigestAlgorithm::kSha256, DigestAlgorithm::kSm3}) {
        EXPECT_EQ(digestFromName(digestName(algorithm)), algorithm);
        EXPECT_EQ(digest(algorithm, {}).size(), digestSize(algorithm));
    }
    EXPECT_FALSE(digestFromName("SHA256").has_value());
    EXPECT_FALSE(digestFromName("").has_value());
}

// RFC 4231 test cases 1, 3 and 6 (a key longer than the block).
TEST(Hmac, MatchesRfc4231) {
    const core::Bytes key1(20, 0x0b);
    EXPECT_EQ(core::toHex(hmac(DigestAlgorithm::kSha256, key1, core::asBytes("Hi There"))),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    const core::Bytes key3(20, 0xaa);
    EXPECT_EQ(core::toHex(hmac(DigestAlgorithm::kSha256, key3, core::Bytes(50, 0xdd))),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    const core::Bytes key6(131, 0xaa);
    const auto text = core::asBytes("Test Using Larger Than Block-Size Key - Hash Key First");
    EXPECT_EQ(core::toHex(hmac(DigestAlgorithm::kSha256, key6, text)),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, AnEmptyKeyIsItsOwnKeyAndNotTheLastOne) {
    const auto text = core::asBytes("");
    const core::Bytes key(32, 7);
    const auto keyed = hmac(DigestAlgorithm::kSha256, key, text);
    const auto empty = hmac(DigestAlgorithm::kSha256, {}, text);
    EXPECT_NE(keyed, empty);
    EXPECT_EQ(core::toHex(empty), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Hmac, Sm3FollowsRfc2104) {
    // Written out from RFC 2104 with the plain digest.
    const core::Bytes key(16, 0x31);
    core::Bytes inner(64, 0x36);
    core::Bytes outer(64, 0x5c);
    for (std::size_t i = 0; i < key.size(); ++i) {
        inner[i] = static_cast<std::uint8_t>(inner[i] ^ key[i]);
        outer[i] = static_cast<std::uint8_t>(outer[i] ^ key[i]);
    }
    const auto data = core::asBytes("一门");
    inner.insert(inner.end(), data.begin(), data.end());
    const auto hashed = digest(DigestAlgorithm::kSm3, inner);
    outer.insert(outer.end(), hashed.begin(), hashed.end());
    EXPECT_EQ(hmac(DigestAlgorithm::kSm3, key, data), digest(DigestAlgorithm::kSm3, outer));
}

// RFC 5869 appendix A.1, A.2 (shortened to its last blocks), A.3.
TEST(Hkdf, MatchesRfc5869) {
    const core::Bytes secret(22, 0x0b);
    const auto salt = core::fromHex("000102030405060708090a0b0c").value();
    const auto info = core::fromHex("f0f1f2f3f4f5f6f7f8f9").value();
    EXPECT_EQ(core::toHex(hkdf(DigestAlgorithm::kSha256, {secret, salt, core::asText(info)}, 42)),
              "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    EXPECT_EQ(core::toHex(hkdf(DigestAlgorithm::kSha256, {secret, {}, ""}, 42)),
              "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, ShorterOutputIsAPrefixAndInfoSeparates) {
    const core::Bytes secret(32, 1);
    const auto longer = hkdf(DigestAlgorithm::kSm3, {secret, {}, "a"}, 100);
    const auto shorter = hkdf(DigestAlgorithm::kSm3, {secret, {}, "a"}, 33);
    EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin()));
    EXPECT_NE(hkdf(DigestAlgorithm::kSm3, {secret, {}, "b"}, 33), shorter);
}

}  // namespace
}  // namespace yimen::crypto
