#include <gtest/gtest.h>

#include "lua/state.h"

namespace yimen::lua {
namespace {

std::string run(const std::string& body) {
    const core::SystemClock clock;
    State state(Limits{}, clock);
    const auto chunk = Chunk::compile("return function()\n" + body + "\nend", "t.lua");
    if (!chunk.ok()) return "syntax";
    const auto result = state.call(*state.function(*state.load(*chunk), ""), {});
    return result.ok() ? std::string(result->textOr("other")) : "error: " + result.error().message;
}

TEST(Gsub, GrowsBeyondItsFirstBufferWithEveryKindOfReplacement) {
    EXPECT_EQ(run("return (('ab'):rep(2000):gsub('b', 'xyz')):len() .. ''"), "8000");
    EXPECT_EQ(run("return (('ab'):rep(2000):gsub('b', function(c) return c .. c end)):len() .. ''"), "6000");
    EXPECT_EQ(run("return (('ab'):rep(2000):gsub('b', {b = '123'})):len() .. ''"), "8000");
    EXPECT_EQ(run("return (('ab'):rep(2000):gsub('(a)(b)', '%2%1')):sub(1, 4)"), "baba");
}

TEST(Gsub, LetsErrorsOfTheReplacementThrough) {
    EXPECT_EQ(run("return ('x'):gsub('x', function() error('inside') end)"), "error: t.lua:2: inside");
    EXPECT_NE(run("return ('x'):gsub('x', function() return {} end)").find("invalid replacement"), std::string::npos);
}

TEST(Gmatch, KeepsItsOwnPlace) {
    EXPECT_EQ(run("local o = '' for a in ('ab'):gmatch('.') do for b in ('12'):gmatch('.') do o = o .. a .. b end end "
                  "return o"),
              "a1a2b1b2");
    EXPECT_NE(run("for a in ('ab'):gmatch('^a') do end").find("no meaning"), std::string::npos);
}

TEST(Find, StartsWhereItIsTold) {
    EXPECT_EQ(run("return ('abcabc'):find('c', 4) .. ''"), "6");
    EXPECT_EQ(run("return ('abcabc'):find('c', -1) .. ''"), "6");
    EXPECT_EQ(run("return tostring(('abc'):find('a', 2))"), "nil");
    EXPECT_EQ(run("return tostring(('a.c'):find('.', 3, true))"), "nil");
}

}  // namespace
}  // namespace yimen::lua
