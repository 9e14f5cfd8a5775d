#include "crypto/aead.h"

#include <gtest/gtest.h>

#include <thread>

namespace yimen::crypto {
namespace {

class Aead : public testing::TestWithParam<AeadAlgorithm> {
protected:
    core::Bytes sealed(std::string_view plain, std::string_view additional) {
        return seal(GetParam(), key_, core::asBytes(plain), core::asBytes(additional), random_).value();
    }
    core::SystemRandom random_;
    Key key_ = Key::generate(random_);
};

TEST_P(Aead, OpensWhatItSealedForEveryLength) {
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string plain(size, 'p');
        const auto envelope = sealed(plain, "who/what/1");
        EXPECT_EQ(envelope.size(), plain.size() + aeadOverhead(GetParam()));
        const auto opened = open(key_, envelope, core::asBytes("who/what/1"));
        ASSERT_TRUE(opened.ok()) << size;
        EXPECT_EQ(opened->reveal(), plain);
    }
}

TEST_P(Aead, RefusesEverySingleFlippedBit) {
    const auto envelope = sealed("secret of the person", "p1/dl-8890/1");
    for (std::size_t bit = 0; bit < envelope.size() * 8; ++bit) {
        auto changed = envelope;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
        const auto opened = open(key_, changed, core::asBytes("p1/dl-8890/1"));
        ASSERT_FALSE(opened.ok()) << "bit " << bit;
        EXPECT_EQ(opened.error().code, core::ErrorCode::kCorrupt);
    }
}

TEST_P(Aead, RefusesTruncationAndExtension) {
    auto envelope = sealed("secret", "x");
    for (std::size_t size = 0; size < envelope.size(); ++size) {
        EXPECT_FALSE(open(key_, core::ByteView(envelope).first(size), core::asBytes("x")).ok()) << size;
    }
    envelope.push_back(0);
    EXPECT_FALSE(open(key_, envelope, core::asBytes("x")).ok());
}

TEST_P(Aead, RefusesOtherAdditionalDataAndOtherKeys) {
    const auto envelope = sealed("secret", "person-1");
    EXPECT_FALSE(open(key_, envelope, core::asBytes("person-2")).ok());
    EXPECT_FALSE(open(key_, envelope, {}).ok());
    EXPECT_FALSE(open(Key::generate(random_), envelope, core::asBytes("person-1")).ok());
}

TEST_P(Aead, NeverSealsTheSameTwice) {
    EXPECT_NE(sealed("same", "same"), sealed("same", "same"));
}

TEST_P(Aead, BytesCannotMoveBetweenCipherTextAndAdditionalData) {
    const auto envelope = sealed("ab", "cd");
    EXPECT_FALSE(open(key_, core::ByteView(envelope).first(envelope.size() - 1), core::asBytes("bcd")).ok());
}

TEST_P(Aead, ThreadsDoNotDisturbEachOther) {
    std::vector<std::thread> threads;
    std::atomic<int> bad{0};
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            core::SystemRandom random;
            const std::string plain = "thread " + std::to_string(t);
            for (int i = 0; i < 500; ++i) {
                const auto envelope = seal(GetParam(), key_, core::asBytes(plain), {}, random).value();
                const auto opened = open(key_, envelope, {});
                if (!opened.ok() || opened->reveal() != plain) ++bad;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(bad, 0);
}

INSTANTIATE_TEST_SUITE_P(All, Aead, testing::Values(AeadAlgorithm::kAes256Gcm, AeadAlgorithm::kSm4CtrHmacSm3));

TEST(AeadName, RoundTripsAndRefusesTheRest) {
    EXPECT_EQ(aeadFromName(aeadName(AeadAlgorithm::kAes256Gcm)), AeadAlgorithm::kAes256Gcm);
    EXPECT_EQ(aeadFromName(aeadName(AeadAlgorithm::kSm4CtrHmacSm3)), AeadAlgorithm::kSm4CtrHmacSm3);
    EXPECT_FALSE(aeadFromName("aes").has_value());
}

TEST(AeadLimits, RefusesMoreThanTheLimit) {
    core::SystemRandom random;
    const core::Bytes large(kMaxAeadBytes + 1);
    const auto result = seal(AeadAlgorithm::kAes256Gcm, Key::generate(random), large, {}, random);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, core::ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace yimen::crypto
