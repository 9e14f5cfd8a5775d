#include "identity/totp.h"

#include <gtest/gtest.h>

#include <vector>

namespace yimen::identity {

using core::asBytes;
using core::fromUnixSeconds;

namespace {

const core::ByteView kSeed = asBytes("12345678901234567890");

}  // namespace

/// RFC 4226 appendix D.
TEST(Hotp, GivesTheValuesOfRfc4226) {
    const std::vector<std::string> expected{"755224", "287082", "359152", "969429", "338314",
                                            "254676", "287922", "162583", "399871", "520489"};
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(hotp(kSeed, i), expected[i]) << i;
}

/// RFC 6238 appendix B, the rows of SHA-1; a time beyond 32 bits of steps is among them.
TEST(Totp, GivesTheValuesOfRfc6238) {
    const std::vector<std::pair<std::int64_t, std::string>> rows{{59, "94287082"},         {1111111109, "07081804"},
                                                                 {1111111111, "14050471"}, {1234567890, "89005924"},
                                                                 {2000000000, "69279037"}, {20000000000, "65353130"}};
    for (const auto& [time, code] : rows) {
        const auto step = static_cast<std::uint64_t>(totpStepAt(fromUnixSeconds(time)));
        EXPECT_EQ(hotp(kSeed, step, 8), code) << time;
    }
}

TEST(Totp, MatchesWithinTheWindowAndSaysWhichStep) {
    const auto now = fromUnixSeconds(1111111109);
    const std::int64_t step = totpStepAt(now);
    for (std::int64_t distance = -3; distance <= 3; ++distance) {
        const std::string code = hotp(kSeed, static_cast<std::uint64_t>(step + distance));
        const auto found = matchTotp(kSeed, code, now, 1);
        if (distance >= -1 && distance <= 1) {
            EXPECT_EQ(found, step + distance);
        } else {
            EXPECT_FALSE(found) << distance;
        }
        EXPECT_EQ(matchTotp(kSeed, code, now, 3), step + distance);
        EXPECT_EQ(matchTotp(kSeed, code, now, 0).has_value(), distance == 0);
    }
}

TEST(Totp, TakesNoOtherText) {
    const auto now = fromUnixSeconds(59);
    EXPECT_TRUE(matchTotp(kSeed, "287082", now, 1));
    for (const char* wrong : {"", "28708", "2870820", "287083", "94287082", "287082 "}) {
        EXPECT_FALSE(matchTotp(kSeed, wrong, now, 1)) << wrong;
    }
    EXPECT_FALSE(matchTotp(asBytes("12345678901234567891"), "287082", now, 1)) << "another seed";
}

TEST(Totp, WorksAtTheBeginningOfTime) {
    EXPECT_EQ(totpStepAt(fromUnixSeconds(-100)), 0);
    EXPECT_EQ(matchTotp(kSeed, "755224", fromUnixSeconds(0), 5), 0);
}

TEST(TotpCode, IsReadAsPeopleTypeIt) {
    EXPECT_EQ(readTotpCode("287082"), "287082");
    EXPECT_EQ(readTotpCode(" 287 082 "), "287082");
    EXPECT_EQ(readTotpCode("287-082"), "287082");
    EXPECT_EQ(readTotpCode("２８７０８２"), "287082") << "full-width digits of an input method";
    EXPECT_EQ(readTotpCode("000000"), "000000");
    for (const char* wrong : {"", "28708", "2870821", "28708a", "28708\xEF\xBC\x9A", "\xEF\xBC", "二八七〇八二"}) {
        EXPECT_FALSE(readTotpCode(wrong)) << wrong;
    }
    EXPECT_FALSE(readTotpCode("287082" + std::string(100, ' ')));
}

/// RFC 4648 section 10, without its padding.
TEST(Base32, GivesTheValuesOfRfc4648) {
    const std::vector<std::pair<std::string, std::string>> rows{{"", ""},
                                                                {"f", "MY"},
                                                                {"fo", "MZXQ"},
                                                                {"foo", "MZXW6"},
                                                                {"foob", "MZXW6YQ"},
                                                                {"fooba", "MZXW6YTB"},
                                                                {"foobar", "MZXW6YTBOI"}};
    for (const auto& [plain, coded] : rows) EXPECT_EQ(toBase32(asBytes(plain)), coded);
    EXPECT_EQ(toBase32(core::Bytes{0xff, 0xff, 0xff, 0xff, 0xff}), "77777777");
}

TEST(OtpauthUri, EscapesTheNamesAndNamesTheFixedParameters) {
    EXPECT_EQ(otpauthUri("滨海 A&B", "wang@x", kSeed).reveal(),
              "otpauth://totp/%E6%BB%A8%E6%B5%B7%20A%26B:wang%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
              "&issuer=%E6%BB%A8%E6%B5%B7%20A%26B&algorithm=SHA1&digits=6&period=30");
}

}  // namespace yimen::identity
