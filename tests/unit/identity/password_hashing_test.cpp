#include <gtest/gtest.h>

#include "crypto/password_hash.h"
#include "identity/password_service.h"

namespace yimen::identity {

using core::Secret;

TEST(Argon2Hashing, ChecksWhatItHashed) {
    core::SystemRandom random;
    const crypto::PasswordHasher hasher({8, 1, 1});
    const auto hashing = makeArgon2Hashing(hasher, random);
    const auto encoded = hashing->hash(Secret("Kelch-7mond"));
    ASSERT_TRUE(encoded.ok());
    EXPECT_TRUE(hashing->verify(Secret("Kelch-7mond"), *encoded));
    EXPECT_FALSE(hashing->verify(Secret("Kelch-7monD"), *encoded));
    EXPECT_FALSE(hashing->verify(Secret(""), hashing->dummyHash()));
    EXPECT_FALSE(hashing->needsRehash(*encoded));
}

}  // namespace yimen::identity
