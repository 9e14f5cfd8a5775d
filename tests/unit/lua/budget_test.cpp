#include "lua/budget.h"

#include <gtest/gtest.h>

#include <algorithm>

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

TEST_F(Allocator, KeepsContentsAcrossAllSizes) {
    limits_.maxBytes = 1 << 20;
    limits_.maxChurnBytes = 1 << 24;
    budget_.refill();
    for (const bool wipe : {false, true}) {
        limits_.wipeMemory = wipe;
        for (std::size_t from : {1U, 16U, 17U, 100U, 128U, 129U, 4000U}) {
            for (std::size_t to : {1U, 16U, 17U, 31U, 127U, 128U, 129U, 300U, 5000U}) {
                auto* block = static_cast<char*>(allocate(nullptr, 0, from));
                for (std::size_t i = 0; i < from; ++i) block[i] = static_cast<char>(i);
                auto* other = static_cast<char*>(allocate(nullptr, 0, from));
                std::fill_n(other, from, 'x');
                block = static_cast<char*>(allocate(block, from, to));
                for (std::size_t i = 0; i < std::min(from, to); ++i) ASSERT_EQ(block[i], static_cast<char>(i));
                std::fill_n(block, to, 'y');
                for (std::size_t i = 0; i < from; ++i) ASSERT_EQ(other[i], 'x') << from << " to " << to;
                allocate(block, to, 0);
                allocate(other, from, 0);
                ASSERT_EQ(budget_.bytesInUse, 0U);
            }
        }
    }
}

TEST_F(Allocator, WipesWhatIsFreedBeforeItIsUsedAgain) {
    limits_.wipeMemory = true;
    auto* block = static_cast<char*>(allocate(nullptr, 0, 64));
    std::fill_n(block, 64, 's');
    allocate(block, 64, 0);
    auto* again = static_cast<char*>(allocate(nullptr, 0, 64));
    EXPECT_EQ(again == block, BlockCache::kMaxBytes != 0) << "sanitizers see every use of what was freed";
    EXPECT_EQ(std::count(again, again + 64, 's'), 0);
    allocate(again, 64, 0);
}

}  // namespace
}  // namespace yimen::lua
