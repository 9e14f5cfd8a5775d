#include "crypto/password_hash.h"

#include <gtest/gtest.h>

namespace yimen::crypto {
namespace {

const PasswordCost kCheap{64, 1, 1};

core::Secret secret(std::string text) {
    return core::Secret(std::move(text));
}

TEST(PasswordHasher, VerifiesItsOwnHashAndNothingElse) {
    core::SystemRandom random;
    const PasswordHasher hasher(kCheap);
    const auto encoded = hasher.hash(secret("口令 Passw0rd"), random).value();
    EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << encoded;
    EXPECT_TRUE(hasher.verify(secret("口令 Passw0rd"), encoded));
    EXPECT_FALSE(hasher.verify(secret("口令 Passw0rd "), encoded));
    EXPECT_FALSE(hasher.verify(secret(""), encoded));
}

TEST(PasswordHasher, SaltsEachHash) {
    core::SystemRandom random;
    const PasswordHasher hasher(kCheap);
    EXPECT_NE(hasher.hash(secret("same"), random).value(), hasher.hash(secret("same"), random).value());
}

TEST(PasswordHasher, ReadsHashesOfAnotherCostAndAsksForARehash) {
    core::SystemRandom random;
    const PasswordHasher old(kCheap);
    const PasswordHasher now(PasswordCost{128, 2, 1});
    const auto encoded = old.hash(secret("x"), random).value();
    EXPECT_TRUE(now.verify(secret("x"), encoded));
    EXPECT_TRUE(now.needsRehash(encoded));
    EXPECT_FALSE(old.needsRehash(encoded));
    EXPECT_TRUE(now.needsRehash("$2y$10$abcdefghijklmnopqrstuv"));
    EXPECT_TRUE(now.needsRehash(""));
}

TEST(PasswordHasher, KeepsNulBytesAndLongPasswordsApart) {
    core::SystemRandom random;
    const PasswordHasher hasher(kCheap);
    const auto encoded = hasher.hash(secret(std::string("a\0b", 3)), random).value();
    EXPECT_FALSE(hasher.verify(secret("a"), encoded));
    const auto tooLong = hasher.hash(secret(std::string(PasswordHasher::kMaxPasswordBytes + 1, 'x')), random);
    ASSERT_FALSE(tooLong.ok());
    EXPECT_EQ(tooLong.error().code, core::ErrorCode::kTooLarge);
}

TEST(PasswordHasher, RefusesAPlantedHashThatWouldTakeTheMachine) {
    const PasswordHasher hasher(kCheap);
    const std::string tail = "$JD9qiIWjCNMTGYouA3BzRA$pAk4IimfMdAILvqY7E5siUUoIeY40BN3vlRmzzTpDGw";
    EXPECT_FALSE(hasher.verify(secret("x"), "$argon2id$v=19$m=4000000000,t=2,p=1" + tail));
    EXPECT_FALSE(hasher.verify(secret("x"), "$argon2id$v=19$m=64,t=1000000,p=1" + tail));
    EXPECT_FALSE(hasher.verify(secret("x"), "$argon2id$v=19$m=64,t=1,p=1000" + tail));
    EXPECT_FALSE(hasher.verify(secret("x"), "$argon2id$v=19$m=64,t=1,p=1" + tail + std::string(1000, 'A')));
    EXPECT_FALSE(hasher.verify(secret("x"), "$argon2id$v=19$m=,t=1,p=1" + tail));
    EXPECT_FALSE(hasher.verify(secret("x"), ""));
}

TEST(PasswordHasher, RefusesACostAboveItsLimits) {
    core::SystemRandom random;
    const PasswordHasher hasher(PasswordCost{PasswordHasher::kMaxMemoryKib + 1, 1, 1});
    EXPECT_FALSE(hasher.hash(secret("x"), random).ok());
}

TEST(PasswordHasher, DummyHashIsWellFormedForThisCostAndMatchesNothing) {
    const PasswordHasher hasher(kCheap);
    EXPECT_FALSE(hasher.needsRehash(hasher.dummyHash()));
    EXPECT_FALSE(hasher.verify(secret(""), hasher.dummyHash()));
    core::SystemRandom random;
    EXPECT_EQ(hasher.dummyHash().size(), hasher.hash(secret("x"), random).value().size());
}

TEST(PasswordHasher, DummyHashTakesAsLongAsARealOne) {
    using Clock = std::chrono::steady_clock;
    core::SystemRandom random;
    const PasswordHasher hasher(PasswordCost{8192, 2, 1});
    const auto real = hasher.hash(secret("real"), random).value();
    const auto timeOf = [&](const std::string& encoded) {
        auto best = Clock::duration::max();
        for (int i = 0; i < 5; ++i) {
            const auto start = Clock::now();
            EXPECT_FALSE(hasher.verify(secret("wrong"), encoded));
            best = std::min(best, Clock::now() - start);
        }
        return std::chrono::duration<double>(best).count();
    };
    const double ratio = timeOf(hasher.dummyHash()) / timeOf(real);
    EXPECT_GT(ratio, 0.5);
    EXPECT_LT(ratio, 2.0);
}

}  // namespace
}  // namespace yimen::crypto
