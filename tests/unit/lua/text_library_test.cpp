#include "lua/text_library.h"

#include <gtest/gtest.h>

#include "lua/state.h"

namespace yimen::lua {
namespace {

TEST(TextLibrary, IsReadOnlyAndLimitsItsArguments) {
    core::ManualClock clock;
    TextLibrary library;
    library.name = "H";
    library.add("count", [text = std::string()](std::span<const TextView> arguments, TextView& out) mutable {
        text = std::to_string(arguments.size());
        out = text;
        return true;
    });
    State state({}, clock, {}, std::move(library));
    const auto load = [&](const std::string& source) {
        auto chunk = Chunk::compile(source, "t.lua");
        return state.load(*chunk);
    };
    EXPECT_FALSE(load("H.count = 1 return {}").ok());
    const auto module = load(
        "return {few = function() return H.count(1, nil, true) end, many = function() return "
        "H.count(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17) end}");
    ASSERT_TRUE(module.ok());
    EXPECT_EQ(state.call(*state.function(*module, "few"), {})->textOr(""), "3");
    EXPECT_FALSE(state.call(*state.function(*module, "many"), {}).ok());
}

}  // namespace
}  // namespace yimen::lua
