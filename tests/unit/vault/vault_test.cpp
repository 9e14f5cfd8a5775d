#include "vault/vault.h"

#include <gmock/gmock.h>

#include "unit/vault/fixture.h"

namespace yimen::vault {

using core::ErrorCode;
using core::Secret;
using store::SecretOwner;
using store::test::together;

namespace {

TEST_F(VaultTest, OpensWhatWasStoredForThePersonAndSystemOnly) {
    ASSERT_TRUE(vault.put({7, "qu-oa"}, fields("a+b&c=张"), LinkState::kLinked).ok());
    EXPECT_EQ(password(7, "qu-oa"), "a+b&c=张");
    EXPECT_EQ(password(8, "qu-oa"), "error: not_found");
    EXPECT_EQ(password(7, "qu-o"), "error: not_found");
    EXPECT_EQ(password(7, "qu-oa", AccountMode::kShared), "error: not_found");
}

TEST_F(VaultTest, OpensTheSharedAccountForAnybodyAndSaysSo) {
    ASSERT_TRUE(vault.put({0, "dl-video"}, fields("shared"), LinkState::kUnverified).ok());
    const auto opened = vault.open(7, "dl-video", AccountMode::kShared, "sign_on");
    ASSERT_TRUE(opened.ok());
    EXPECT_TRUE(opened->shared);
    ASSERT_EQ(recorder.seen.size(), 1U);
    EXPECT_EQ(recorder.seen[0].person, 7);
    EXPECT_TRUE(recorder.seen[0].shared);
}

TEST_F(VaultTest, RecordsEveryOpeningBeforeItAndOpensNothingUnrecorded) {
    ASSERT_TRUE(vault.put({7, "qu-oa"}, fields("x"), LinkState::kLinked).ok());
    EXPECT_TRUE(recorder.seen.empty()) << "storing opens nothing";
    static_cast<void>(password(7, "qu-oa"));
    ASSERT_EQ(recorder.seen.size(), 1U);
    EXPECT_EQ(recorder.seen[0].system, "qu-oa");
    EXPECT_EQ(recorder.seen[0].version, 1);
    EXPECT_EQ(recorder.seen[0].reason, "sign_on");
    recorder.failing = true;
    EXPECT_EQ(password(7, "qu-oa"), "error: unavailable");
}

TEST_F(VaultTest, KeepsPlainTextOffTheDisk) {
    ASSERT_TRUE(vault.put({7, "qu-oa"}, fields("Geheim-9kelch"), LinkState::kLinked).ok());
    const auto record = *stores.secrets->get({7, "qu-oa"});
    const std::string bytes(core::asText(record->sealed));
    EXPECT_EQ(bytes.find("Geheim"), std::string::npos);
    EXPECT_EQ(bytes.find("wl_wangmin"), std::string::npos);
    EXPECT_EQ(bytes.find("password"), std::string::npos);
}

TEST_F(VaultTest, SealsEqualAccountsDifferently) {
    ASSERT_TRUE(vault.put({7, "a"}, fields("x"), LinkState::kLinked).ok());
    ASSERT_TRUE(vault.put({8, "a"}, fields("x"), LinkState::kLinked).ok());
    EXPECT_NE((*stores.secrets->get({7, "a"}))->sealed, (*stores.secrets->get({8, "a"}))->sealed);
}

TEST_F(VaultTest, StopsAfterOneRefusalUntilItIsReplaced) {
    ASSERT_TRUE(vault.put({7, "a"}, fields("wrong"), LinkState::kUnverified).ok());
    ASSERT_TRUE(vault.markBroken({7, "a"}, 1, "bad_password").ok());
    EXPECT_EQ(password(7, "a"), "error: denied");
    EXPECT_TRUE(recorder.seen.empty()) << "a broken link is not even opened";
    ASSERT_TRUE(vault.put({7, "a"}, fields("right"), LinkState::kLinked).ok());
    EXPECT_EQ(password(7, "a"), "right");
    ASSERT_TRUE(vault.markBroken({7, "a"}, 1, "bad_password").ok()) << "news about a former version";
    EXPECT_EQ(password(7, "a"), "right");
}

TEST_F(VaultTest, TellsTheStateOfOwnAndSharedLinks) {
    ASSERT_TRUE(vault.put({7, "a"}, fields("x"), LinkState::kUnverified).ok());
    ASSERT_TRUE(vault.put({0, "b"}, fields("x"), LinkState::kLinked).ok());
    ASSERT_TRUE(vault.put({8, "c"}, fields("x"), LinkState::kLinked).ok());
    clock.advance(std::chrono::seconds(5));
    ASSERT_TRUE(vault.markVerified({7, "a"}, 1).ok());
    const auto verified = clock.wall();
    clock.advance(std::chrono::seconds(5));
    ASSERT_TRUE(vault.markBroken({7, "a"}, 1, "locked").ok());
    const auto links = vault.status(7);
    ASSERT_EQ(links->size(), 2U);
    EXPECT_EQ((*links)[0].system, "a");
    EXPECT_EQ((*links)[0].state, LinkState::kBroken);
    EXPECT_EQ((*links)[0].reason, "locked");
    EXPECT_EQ((*links)[0].verifiedAt, verified) << "when it last worked";
    EXPECT_EQ((*links)[1].person, 0);
    EXPECT_EQ(vault.status(0)->size(), 1U);
    ASSERT_TRUE(vault.remove({7, "a"}).ok());
    EXPECT_EQ(password(7, "a"), "error: not_found");
}

TEST_F(VaultTest, WrapsAgainAfterARotationWithoutTouchingTheFields) {
    ASSERT_TRUE(stores.transactor
                    ->transaction([&]() -> core::Status {
                        for (int i = 1; i <= 450; ++i) {
                            EXPECT_TRUE(vault.put({i, "a"}, fields(std::to_string(i)), LinkState::kLinked).ok());
                        }
                        return {};
                    })
                    .ok());
    const core::Bytes sealed = (*stores.secrets->get({7, "a"}))->sealed;
    vault.setKeys(rotated());
    EXPECT_EQ(password(7, "a"), "7") << "old records open before they are wrapped again";
    ASSERT_TRUE(vault.put({451, "a"}, fields("new"), LinkState::kLinked).ok());
    recorder.seen.clear();
    EXPECT_EQ(*vault.rewrapAll(), 450U);
    EXPECT_EQ(*vault.rewrapAll(), 0U);
    EXPECT_TRUE(recorder.seen.empty());
    const auto after = *stores.secrets->get({7, "a"});
    EXPECT_EQ(after->keyId, "2");
    EXPECT_EQ(after->sealed, sealed);
    EXPECT_EQ(password(7, "a"), "7");
    EXPECT_EQ(password(450, "a"), "450");
}

TEST_F(VaultTest, WrapsTheOthersWhenOneRecordIsDamaged) {
    for (int i = 1; i <= 5; ++i) ASSERT_TRUE(vault.put({i, "a"}, fields("x"), LinkState::kLinked).ok());
    store::SecretRecord bad = **stores.secrets->get({3, "a"});
    bad.wrappedKey[5] ^= 1;
    ASSERT_TRUE(stores.secrets->rewrap(bad).ok());
    vault.setKeys(rotated());
    const auto done = vault.rewrapAll();
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(done.error().detail.find("person 3"), std::string::npos);
    EXPECT_EQ((*stores.secrets->get({5, "a"}))->keyId, "2");
}

TEST_F(VaultTest, OpensWhileItIsWrappedAgain) {
    for (int i = 1; i <= 20; ++i) ASSERT_TRUE(vault.put({i, "a"}, fields("x"), LinkState::kLinked).ok());
    vault.setKeys(rotated());
    together(4, [&](int index) {
        if (index == 0) {
            EXPECT_TRUE(vault.rewrapAll().ok());
            return;
        }
        for (int i = 1; i <= 20; ++i) EXPECT_EQ(password(i, "a"), "x");
    });
}

TEST_F(VaultTest, LetsOneOfTwoParallelReplacementsWinWhole) {
    ASSERT_TRUE(vault.put({7, "a"}, fields("0"), LinkState::kLinked).ok());
    std::atomic<int> stored{0};
    together(4, [&](int index) {
        const auto done = vault.put({7, "a"}, fields(std::to_string(index)), LinkState::kLinked);
        if (done.ok()) {
            ++stored;
        } else {
            EXPECT_EQ(done.error().code, ErrorCode::kConflict);
        }
    });
    EXPECT_GE(stored.load(), 1);
    EXPECT_EQ((*stores.secrets->get({7, "a"}))->version, 1 + stored.load());
    EXPECT_EQ(password(7, "a").size(), 1U);
}

TEST_F(VaultTest, RefusesWhatItCannotBind) {
    EXPECT_EQ(vault.put({7, ""}, fields("x"), LinkState::kLinked).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(vault.put({7, std::string("a\0b", 3)}, fields("x"), LinkState::kLinked).error().code,
              ErrorCode::kInvalidInput);
    EXPECT_EQ(vault.put({7, "a"}, {}, LinkState::kLinked).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(vault.put({7, "a"}, fields(std::string(Vault::kMaxBytes, 'x')), LinkState::kLinked).error().code,
              ErrorCode::kTooLarge);
    Fields many;
    for (std::size_t i = 0; i <= Vault::kMaxFields; ++i) many.emplace("f" + std::to_string(i), Secret("x"));
    EXPECT_EQ(vault.put({7, "a"}, many, LinkState::kLinked).error().code, ErrorCode::kTooLarge);
    EXPECT_FALSE(vault.open(7, "a", AccountMode::kNone, "sign_on").ok());
    EXPECT_FALSE(vault.open(0, "a", AccountMode::kOwn, "sign_on").ok());
}

}  // namespace
}  // namespace yimen::vault
