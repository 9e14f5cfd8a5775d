#include "vault/envelope.h"

#include "unit/vault/fixture.h"

namespace yimen::vault {

TEST_F(VaultTest, NoticesEveryFlippedByte) {
    ASSERT_TRUE(vault.put({7, "qu-oa"}, fields("x"), LinkState::kLinked).ok());
    const auto ring = ringFile();
    const store::SecretRecord good = **stores.secrets->get({7, "qu-oa"});
    ASSERT_TRUE(unseal(good, *ring).ok());
    const auto flips = [&](core::Bytes store::SecretRecord::*part) {
        for (std::size_t i = 0; i < (good.*part).size(); ++i) {
            store::SecretRecord bad = good;
            (bad.*part)[i] ^= 0x01;
            const auto opened = unseal(bad, *ring);
            ASSERT_FALSE(opened.ok()) << i;
            EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
            bad = good;
            (bad.*part).resize(i);
            EXPECT_FALSE(unseal(bad, *ring).ok()) << "cut to " << i;
        }
    };
    flips(&store::SecretRecord::sealed);
    flips(&store::SecretRecord::wrappedKey);
}

TEST_F(VaultTest, OpensNothingThatWasMovedOrMixed) {
    ASSERT_TRUE(vault.put({7, "a"}, fields("first"), LinkState::kLinked).ok());
    const store::SecretRecord first = **stores.secrets->get({7, "a"});
    ASSERT_TRUE(vault.put({7, "a"}, fields("second"), LinkState::kLinked).ok());
    const store::SecretRecord second = **stores.secrets->get({7, "a"});
    const auto ring = ringFile();
    const auto opens = [&](auto change) {
        store::SecretRecord record = second;
        change(record);
        return unseal(record, *ring).ok();
    };
    EXPECT_TRUE(opens([](auto&) {}));
    EXPECT_FALSE(opens([](auto& record) { record.owner.person = 8; }));
    EXPECT_FALSE(opens([](auto& record) { record.owner.person = 0; }));
    EXPECT_FALSE(opens([](auto& record) { record.owner.system = "b"; }));
    EXPECT_FALSE(opens([](auto& record) { record.version = 1; }));
    EXPECT_FALSE(opens([&](auto& record) { record.sealed = first.sealed; }));
    EXPECT_FALSE(opens([&](auto& record) { record.wrappedKey = first.wrappedKey; }));
    EXPECT_FALSE(opens([](auto& record) { std::swap(record.sealed, record.wrappedKey); }));
    for (const char* keyId : {"", "2", "x", "1 ", "-1", "99999999999999"}) {
        EXPECT_FALSE(opens([&](auto& record) { record.keyId = keyId; })) << keyId;
    }
    EXPECT_FALSE(unseal(second, crypto::KeyRing::ephemeral(random)).ok()) << "another ring";
}

}  // namespace yimen::vault
