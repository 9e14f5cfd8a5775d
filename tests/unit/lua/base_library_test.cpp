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
    return result.ok() ? std::string(result->textOr("other")) : "error";
}

TEST(TableSort, KeepsToItsTimeWhateverTheComparisonSays) {
    EXPECT_EQ(run("local t = {} for i = 1, 500 do t[i] = (i * 7919) % 500 end table.sort(t, function() return true "
                  "end) return 'done'"),
              "done");
    EXPECT_EQ(run("local t = {3, 'x'} table.sort(t) return 'done'"), "error");
    EXPECT_EQ(run("local t = {} for i = 1, 10001 do t[i] = 1 end table.sort(t) return 'done'"), "error");
}

TEST(TableSort, Sorts) {
    EXPECT_EQ(run("local t = {} for i = 1, 300 do t[i] = (i * 7919) % 1009 end table.sort(t)\n"
                  "for i = 2, 300 do if t[i - 1] > t[i] then return 'wrong' end end return 'sorted'"),
              "sorted");
}

TEST(Tonumber, RefusesLongTexts) {
    EXPECT_EQ(run("return tostring(tonumber(('1'):rep(65)))"), "nil");
    EXPECT_EQ(run("return tostring(tonumber('12\\0'))"), "nil");
}

TEST(TableUnpack, KeepsToItsLimit) {
    EXPECT_EQ(run("table.unpack({}, 1, 1e8) return 'done'"), "error");
    EXPECT_EQ(run("return tostring(select('#', table.unpack({}, 1, 200)))"), "200");
}

TEST(Utf8Char, IsThere) {
    EXPECT_EQ(run("return utf8.char(20013, 25991)"), "中文");
}

}  // namespace
}  // namespace yimen::lua
