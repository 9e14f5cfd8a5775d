#include "crypto/key.h"

#include <gtest/gtest.h>

#include <new>

namespace yimen::crypto {
namespace {

TEST(Key, TakesExactly32Bytes) {
    EXPECT_TRUE(Key::fromBytes(core::Bytes(32, 1)).ok());
    EXPECT_FALSE(Key::fromBytes(core::Bytes(31, 1)).ok());
    EXPECT_FALSE(Key::fromBytes(core::Bytes(33, 1)).ok());
    EXPECT_FALSE(Key::fromBytes({}).ok());
}

TEST(Key, IsWipedWhenItDies) {
    alignas(Key) std::array<std::uint8_t, sizeof(Key)> place{};
    auto* key = ::new (place.data()) Key(Key::fromBytes(core::Bytes(32, 0xA7)).value());
    EXPECT_EQ(std::count(place.begin(), place.end(), 0xA7), 32);
    key->~Key();
    EXPECT_EQ(std::count(place.begin(), place.end(), 0xA7), 0);
}

TEST(Key, GeneratedKeysDiffer) {
    core::SystemRandom random;
    const auto a = Key::generate(random);
    const auto b = Key::generate(random);
    EXPECT_FALSE(core::equalConstantTime(a.bytes(), b.bytes()));
}

}  // namespace
}  // namespace yimen::crypto
