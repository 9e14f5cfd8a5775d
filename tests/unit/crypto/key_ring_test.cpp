#include "crypto/key_ring.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/file.h"

namespace yimen::crypto {
namespace {

class KeyRingFile : public testing::Test {
protected:
    KeyRingFile() : folder_(testing::TempDir() + "yimen-keys-" + core::SystemRandom().hex(8)) {
        std::filesystem::create_directory(folder_);
    }
    ~KeyRingFile() override { std::filesystem::remove_all(folder_); }

    std::string text() const { return core::readFile(path_, 65536).value(); }
    void overwrite(const std::string& content) const { ASSERT_TRUE(core::replaceFile(path_, content, 0600).ok()); }
    core::Result<KeyRing> create() { return KeyRing::loadOrCreate(path_, random_, clock_); }

    std::string folder_;
    std::string path_ = folder_ + "/hub.keys";
    core::SystemRandom random_;
    core::ManualClock clock_;
};

TEST_F(KeyRingFile, IsCreatedOnceWithMode0600AndReadAgain) {
    const auto first = create();
    ASSERT_TRUE(first.ok()) << first.error().describe();
    struct stat info {};
    ASSERT_EQ(::stat(path_.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    const auto second = create();
    ASSERT_TRUE(second.ok());
    EXPECT_TRUE(core::equalConstantTime(first->deriveActive("t").bytes(), second->deriveActive("t").bytes()));
    EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(KeyRingFile, IsRefusedWhenOthersMayReadIt) {
    ASSERT_TRUE(create().ok());
    for (const unsigned mode : {0640U, 0604U, 0660U, 0777U}) {
        ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
        const auto ring = KeyRing::loadFile(path_);
        ASSERT_FALSE(ring.ok()) << mode;
        EXPECT_NE(ring.error().message.find("chmod 600"), std::string::npos);
    }
}

TEST_F(KeyRingFile, RotationKeepsOldKeysReadableAndActivatesTheNewOne) {
    const auto before = create().value();
    const auto after = KeyRing::rotateFile(path_, random_, clock_).value();
    EXPECT_EQ(before.activeId(), 1U);
    EXPECT_EQ(after.activeId(), 2U);
    EXPECT_EQ(KeyRing::loadFile(path_)->ids(), (std::vector<std::uint32_t>{1, 2}));
    EXPECT_TRUE(core::equalConstantTime(before.deriveActive("t").bytes(), after.derive(1, "t").value().bytes()));
    EXPECT_FALSE(core::equalConstantTime(after.derive(1, "t")->bytes(), after.derive(2, "t")->bytes()));
    EXPECT_FALSE(after.derive(3, "t").ok());
}

TEST_F(KeyRingFile, NamesEachFlippedBitAsDamage) {
    ASSERT_TRUE(create().ok());
    const std::string good = text();
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ static_cast<char>(1U << (bit % 8)));
        { std::ofstream(path_, std::ios::trunc | std::ios::binary) << bad; }
        const auto ring = KeyRing::loadFile(path_);
        ASSERT_FALSE(ring.ok()) << "bit " << bit;
        EXPECT_EQ(ring.error().code, core::ErrorCode::kCorrupt);
    }
}

TEST_F(KeyRingFile, RefusesEveryTruncation) {
    ASSERT_TRUE(create().ok());
    const std::string good = text();
    for (std::size_t size = 0; size < good.size(); ++size) {
        std::filesystem::resize_file(path_, size);
        EXPECT_FALSE(KeyRing::loadFile(path_).ok()) << size;
        overwrite(good);
    }
}

TEST_F(KeyRingFile, ErrorsNeverQuoteAKey) {
    ASSERT_TRUE(create().ok());
    std::string bad = text();
    const std::string hex = bad.substr(bad.find("Z ") + 2, 64);
    bad[bad.find(hex) + 63] = 'x';
    overwrite(bad);
    EXPECT_EQ(KeyRing::loadFile(path_).error().describe().find(hex.substr(0, 8)), std::string::npos);
}

TEST_F(KeyRingFile, ManyFirstStartsAgreeOnOneKey) {
    std::vector<std::thread> threads;
    std::vector<std::string> seen(8);
    for (auto& slot : seen) {
        threads.emplace_back([&] {
            core::SystemRandom random;
            slot = core::toHex(KeyRing::loadOrCreate(path_, random, clock_).value().deriveActive("t").bytes());
        });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& value : seen) EXPECT_EQ(value, seen.front());
}

TEST_F(KeyRingFile, ParallelRotationsLoseNoKey) {
    ASSERT_TRUE(create().ok());
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            core::SystemRandom random;
            EXPECT_TRUE(KeyRing::rotateFile(path_, random, clock_).ok());
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(KeyRing::loadFile(path_)->ids().size(), 9U);
}

TEST_F(KeyRingFile, ReadsReferences) {
    const std::string key(64, 'a');
    ::setenv("YIMEN_TEST_KEYS", ("1:" + key + ",3:" + std::string(64, 'b')).c_str(), 1);
    const auto ring = KeyRing::loadReference("env:YIMEN_TEST_KEYS");
    ASSERT_TRUE(ring.ok()) << ring.error().describe();
    EXPECT_EQ(ring->activeId(), 3U);
    for (const auto& bad :
         std::vector<std::string>{"1:" + key + ",1:" + key, "0:" + key, "1:" + key.substr(1), "x:" + key, ""}) {
        ::setenv("YIMEN_TEST_KEYS", bad.c_str(), 1);
        EXPECT_FALSE(KeyRing::loadReference("env:YIMEN_TEST_KEYS").ok());
    }
    ::unsetenv("YIMEN_TEST_KEYS");
    EXPECT_FALSE(KeyRing::loadReference("env:YIMEN_TEST_KEYS").ok());
    ASSERT_TRUE(create().ok());
    EXPECT_TRUE(KeyRing::loadReference("file:" + path_).ok());
    EXPECT_TRUE(KeyRing::loadReference(path_).ok());
    EXPECT_EQ(KeyRing::loadReference("file:" + folder_ + "/none").error().code, core::ErrorCode::kNotFound);
}

TEST(KeyRingDerive, PurposesNeverShareAKey) {
    core::SystemRandom random;
    const auto ring = KeyRing::ephemeral(random);
    EXPECT_FALSE(core::equalConstantTime(ring.deriveActive("ticket").bytes(), ring.deriveActive("vault").bytes()));
    EXPECT_TRUE(ring.has(1));
    EXPECT_FALSE(ring.has(2));
}

}  // namespace
}  // namespace yimen::crypto
