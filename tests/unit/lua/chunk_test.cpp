#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lua/state.h"

namespace yimen::lua {
namespace {

TEST(Chunk, KeepsLinesForErrors) {
    const core::SystemClock clock;
    State state(Limits{}, clock);
    const auto chunk = Chunk::compile("return function()\n\n  error('here')\nend", "adapters/x/login.lua");
    const auto result = state.call(*state.function(*state.load(*chunk), ""), {});
    EXPECT_THAT(result.error().message, testing::StartsWith("adapters/x/login.lua:3: here"));
}

TEST(Chunk, RefusesWhatIsTooLongOrNoLua) {
    EXPECT_EQ(Chunk::compile(std::string(300 * 1024, ' '), "x").error().code, core::ErrorCode::kTooLarge);
    EXPECT_FALSE(Chunk::compile("x = = 1", "x").ok());
    EXPECT_FALSE(Chunk::compile(std::string("return '\0", 9), "x").ok());
    std::string nested;
    for (int i = 0; i < 10'000; ++i) nested += "(";
    EXPECT_FALSE(Chunk::compile("return " + nested, "x").ok());
}

TEST(Chunk, ServesManyStates) {
    const core::SystemClock clock;
    const auto chunk = Chunk::compile("local n = 0 return function() n = n + 1 return n end", "count.lua").value();
    for (int i = 0; i < 3; ++i) {
        State state(Limits{}, clock);
        const auto result = state.call(*state.function(*state.load(chunk), ""), {});
        ASSERT_TRUE(result.ok());
        EXPECT_THAT(result->integer(), testing::Pointee(1));
    }
}

}  // namespace
}  // namespace yimen::lua
