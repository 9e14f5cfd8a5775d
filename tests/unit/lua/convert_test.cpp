#include "lua/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lua/state.h"

namespace yimen::lua {
namespace {

core::Result<Value> echo(Value value) {
    const core::SystemClock clock;
    State state(Limits{}, clock);
    const auto module = state.load(Chunk::compile("return function(a) return a end", "echo.lua").value());
    return state.call(*state.function(*module, ""), {std::move(value)});
}

TEST(Convert, KeepsBytesAndNumbersAsTheyAre) {
    EXPECT_EQ(echo(Value(std::string("a\0\xff", 3)))->textOr(""), std::string_view("a\0\xff", 3));
    EXPECT_THAT(echo(Value(std::int64_t{INT64_MIN})).value().integer(), testing::Pointee(INT64_MIN));
    EXPECT_THAT(echo(Value(0.1)).value().number(), testing::Pointee(0.1));
    EXPECT_TRUE(echo(Value())->isNil());
}

TEST(Convert, RefusesWhatIsTooDeepOnTheWayIn) {
    Value deep("x");
    for (int i = 0; i < kMaxValueDepth + 1; ++i) {
        Table table;
        table.list.push_back(deep);
        deep = Value(table);
    }
    EXPECT_EQ(echo(deep).error().code, core::ErrorCode::kInvalidInput);
}

TEST(Convert, RefusesTablesThatAreTooLargeOnTheWayOut) {
    const core::SystemClock clock;
    State state(Limits{}, clock);
    const auto chunk =
        Chunk::compile("return function(n) local t = {} for i = 1, n do t[i] = i end return t end", "big.lua");
    const auto function = *state.function(*state.load(*chunk), "");
    EXPECT_TRUE(state.call(function, {Value(10'000)}).ok());
    EXPECT_FALSE(state.call(function, {Value(10'001)}).ok());
}

TEST(Convert, LeavesOutWhatHasNoFormOutside) {
    const core::SystemClock clock;
    State state(Limits{}, clock);
    const auto chunk = Chunk::compile(
        "return function() return {f = print, [true] = 1, [1.5] = 2, a = function() end, b = 'x'} end", "f.lua");
    const auto result = state.call(*state.function(*state.load(*chunk), ""), {});
    ASSERT_TRUE(result.ok());
    EXPECT_TRUE((*result)["a"].isNil());
    EXPECT_EQ((*result)["b"].textOr(""), "x");
}

}  // namespace
}  // namespace yimen::lua
