#include <gtest/gtest.h>

#include "lua/state.h"

namespace yimen::lua {
namespace {

std::string run(const std::string& expression) {
    const core::SystemClock clock;
    State state(Limits{}, clock);
    const auto chunk = Chunk::compile("return function() return " + expression + " end", "t.lua");
    if (!chunk.ok()) return "syntax";
    const auto result = state.call(*state.function(*state.load(*chunk), ""), {});
    return result.ok() ? std::string(result->textOr("other")) : "error";
}

TEST(StringFormat, RefusesWidthsBeyondTwoDigits) {
    for (const char* format : {"%100d", "%.100f", "%999999s", "%-+ #0123d", "%", "%5", "%q", "%a", "%n"}) {
        EXPECT_EQ(run(std::string("string.format('") + format + "', 1)"), "error") << format;
    }
    EXPECT_EQ(run("string.format('%s')"), "error");
    EXPECT_EQ(run("string.format('%99s', 'x'):len() .. ''"), "99");
    EXPECT_EQ(run("string.format('%99.99f', 1e308):len() > 300 and 'long' or 'short'"), "long");
}

TEST(StringFormat, GrowsBeyondItsFirstBuffer) {
    EXPECT_EQ(run("(string.format('%s|%s|%d', ('a'):rep(5000), ('b'):rep(5000), 7):sub(-3))"), "b|7");
    EXPECT_EQ(run("(string.format('%10s', ('a'):rep(5000)):len()) .. ''"), "5000");
}

TEST(StringByte, KeepsToItsLimit) {
    EXPECT_EQ(run("select('#', ('x'):rep(200):byte(1, -1)) .. ''"), "200");
    EXPECT_EQ(run("select('#', ('x'):rep(201):byte(1, -1)) .. ''"), "error");
}

TEST(StringCase, ChangesAsciiOnly) {
    EXPECT_EQ(run("('aÀ中'):upper()"), "AÀ中");
}

}  // namespace
}  // namespace yimen::lua
