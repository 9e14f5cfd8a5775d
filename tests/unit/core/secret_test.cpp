#include "core/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <new>
#include <ostream>

namespace yimen::core {
namespace {

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) {
    out << value;
};

static_assert(!Streamable<Secret>, "a secret must not be printable");
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);

TEST(Secret, IsWipedWhenItDies) {
    // Short enough to live inside the object, so that the bytes can be looked at afterwards.
    alignas(Secret) std::array<unsigned char, sizeof(Secret)> place{};
    auto* secret = ::new (place.data()) Secret(std::string("QQQQQQQQ"));
    EXPECT_GE(std::count(place.begin(), place.end(), 'Q'), 8);
    secret->~Secret();
    EXPECT_EQ(std::count(place.begin(), place.end(), 'Q'), 0);
}

TEST(Secret, MovingLeavesNoCopyBehind) {
    alignas(Secret) std::array<unsigned char, sizeof(Secret)> place{};
    auto* secret = ::new (place.data()) Secret(std::string("QQQQQQQQ"));
    Secret other(std::move(*secret));
    EXPECT_EQ(std::count(place.begin(), place.end(), 'Q'), 0);
    EXPECT_EQ(other.reveal(), "QQQQQQQQ");
    Secret third;
    third = std::move(other);
    EXPECT_TRUE(other.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
    EXPECT_EQ(third.size(), 8U);
    secret->~Secret();
}

TEST(Secret, CopiesAreIndependent) {
    Secret a(std::string("one"));
    Secret b(a);
    a.wipe();
    EXPECT_TRUE(a.empty());
    EXPECT_EQ(b.reveal(), "one");
    a = b;
    EXPECT_EQ(a.reveal(), "one");
    auto& same = a;
    a = same;
    EXPECT_EQ(a.reveal(), "one");
    a = std::move(same);
    EXPECT_EQ(a.reveal(), "one");
}

TEST(WipeText, ClearsSpareCapacityToo) {
    std::string text(100, 'Q');
    text.resize(10);
    const char* bytes = text.data();
    const std::size_t capacity = text.capacity();
    wipeText(text);
    EXPECT_TRUE(text.empty());
    ASSERT_EQ(text.data(), bytes);
    text.resize(capacity, '.');  // in place: looks at the old buffer without leaving the string
    EXPECT_EQ(std::count(text.begin(), text.end(), 'Q'), 0);
}

}  // namespace
}  // namespace yimen::core
