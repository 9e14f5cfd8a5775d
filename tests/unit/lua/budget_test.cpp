#include "lua/budget.h"

#include <gtest/gtest.h>

namespace yimen::lua {
namespace {

class Allocator : public testing::Test {
protected:
    Allocator() {
        limits_.maxBytes = 1000;
        limits_.maxChurnBytes = 2000;
        budget_.limits = &limits_;
        budget_.clock = &clock_;
        budget_.refill();
    }
    void* allocate(void* block, std::size_t before, std::size_t after) {
        return cappedAllocate(&budget_, block, before, after);
    }
    core::ManualClock clock_;
    Limits limits_;
    Budget budget_;
};

TEST_F(Allocator, StopsAtTheCapAndCountsWhatComesBack) {
    void* one = allocate(nullptr, 0, 900);
    ASSERT_NE(one, nullptr);
    EXPECT_EQ(allocate(nullptr, 0, 101), nullptr);
    EXPECT_EQ(budget_.bytesInUse, 900U);
    one = allocate(one, 900, 100);
    ASSERT_NE(one, nullptr) << "shrinking never fails";
    EXPECT_EQ(budget_.bytesInUse, 100U);
    allocate(one, 100, 0);
    EXPECT_EQ(budget_.bytesInUse, 0U);
}

TEST_F(Allocator, CountsWhatWasAskedForInOneCall) {
    for (int i = 0; i < 4; ++i) allocate(allocate(nullptr, 0, 500), 500, 0);
    EXPECT_EQ(allocate(nullptr, 0, 500), nullptr);
    budget_.refill();
    void* block = allocate(nullptr, 0, 500);
    EXPECT_NE(block, nullptr);
    allocate(block, 500, 0);
}

TEST_F(Allocator, KeepsContentsWhenItWipes) {
    limits_.wipeMemory = true;
    auto* text = static_cast<char*>(allocate(nullptr, 0, 4));
    text[0] = 'a';
    text = static_cast<char*>(allocate(text, 4, 100));
    EXPECT_EQ(text[0], 'a');
    text = static_cast<char*>(allocate(text, 100, 2));
    EXPECT_EQ(text[0], 'a');
    allocate(text, 2, 0);
    EXPECT_EQ(budget_.bytesInUse, 0U);
}

}  // namespace
}  // namespace yimen::lua
