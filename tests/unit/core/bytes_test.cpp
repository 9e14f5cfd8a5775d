#include "core/bytes.h"

#include <gtest/gtest.h>

#include "core/random.h"

namespace yimen::core {
namespace {

// RFC 4648 section 10.
TEST(Base64, MatchesRfc4648) {
    const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                     {"f", "Zg=="},
                                                                     {"fo", "Zm8="},
                                                                     {"foo", "Zm9v"},
                                                                     {"foob", "Zm9vYg=="},
                                                                     {"fooba", "Zm9vYmE="},
                                                                     {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        EXPECT_EQ(toBase64(asBytes(plain)), encoded);
        EXPECT_EQ(asText(fromBase64(encoded).value()), plain);
        const std::string url(encoded.substr(0, encoded.find('=')));
        EXPECT_EQ(toBase64Url(asBytes(plain)), url);
        EXPECT_EQ(asText(fromBase64Url(url).value()), plain);
    }
}

TEST(Base64, RoundTripsEveryLengthAndByte) {
    SystemRandom random;
    for (std::size_t size = 0; size < 300; ++size) {
        Bytes bytes(size);
        random.fill(bytes);
        EXPECT_EQ(fromBase64(toBase64(bytes)).value(), bytes);
        EXPECT_EQ(fromBase64Url(toBase64Url(bytes)).value(), bytes);
    }
}

TEST(Base64, OneValueHasOneSpelling) {
    for (const char* bad :
         {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z g=", "Zg==\n", "=", "====", "A", "AAAAA", "Zm9v=", "Zm-v", "é==="}) {
        EXPECT_FALSE(fromBase64(bad).ok()) << bad;
    }
    for (const char* bad : {"Zg==", "Zh", "Zm9", "A", "Z+8", "Z/8", " Zg", "Zg\n", "AAAAA"}) {
        EXPECT_FALSE(fromBase64Url(bad).ok()) << bad;
    }
    // Of all two-character texts only those with four zero bits are spellings of one byte.
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int good = 0;
    for (const char a : kDigits) {
        for (const char b : kDigits) good += fromBase64Url(std::string{a, b}).ok() ? 1 : 0;
    }
    EXPECT_EQ(good, 256);
}

TEST(Base64, EveryByteThatIsNoDigitIsRefused) {
    int accepted = 0;
    for (int c = 0; c < 256; ++c) accepted += fromBase64Url(std::string(3, 'A') + static_cast<char>(c)).ok() ? 1 : 0;
    EXPECT_EQ(accepted, 64);
}

TEST(Base64, IntoABufferAgreesWithTheAllocatingForm) {
    SystemRandom random;
    for (std::size_t size = 0; size < 100; ++size) {
        Bytes bytes(size);
        random.fill(bytes);
        const auto text = toBase64Url(bytes);
        Bytes exact(size);
        EXPECT_EQ(fromBase64UrlInto(text, exact), size);
        EXPECT_EQ(exact, bytes);
        if (size > 0) {
            Bytes small(size - 1);
            EXPECT_FALSE(fromBase64UrlInto(text, small).has_value());
        }
    }
    std::array<std::uint8_t, 8> out{};
    EXPECT_FALSE(fromBase64UrlInto("Zh", out).has_value());
    EXPECT_FALSE(fromBase64UrlInto("Z", out).has_value());
}

TEST(Hex, RoundTripsAndIsStrict) {
    EXPECT_EQ(toHex(Bytes{0x00, 0xAB, 0xFF}), "00abff");
    EXPECT_EQ(fromHex("00ABff").value(), (Bytes{0x00, 0xAB, 0xFF}));
    EXPECT_TRUE(fromHex("")->empty());
    for (const char* bad : {"0", "0g", "0x00", " 00", "00 ", "é"}) EXPECT_FALSE(fromHex(bad).ok()) << bad;
}

TEST(EqualConstantTime, ComparesContentAndLength) {
    EXPECT_TRUE(equalConstantTime({}, {}));
    EXPECT_TRUE(equalConstantTime(asBytes("abc"), asBytes("abc")));
    EXPECT_FALSE(equalConstantTime(asBytes("abc"), asBytes("abd")));
    EXPECT_FALSE(equalConstantTime(asBytes("abc"), asBytes("ab")));
    EXPECT_FALSE(equalConstantTime(asBytes("\x01"), asBytes("\x81")));
}

}  // namespace
}  // namespace yimen::core
