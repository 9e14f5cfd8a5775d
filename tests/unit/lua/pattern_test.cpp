#include "lua/pattern.h"

#include <gtest/gtest.h>

#include <lua.hpp>
#include <memory>
#include <string>

#include "lua/state.h"

namespace yimen::lua {
namespace {

/// Runs an expression in the sandbox and in stock Lua 5.4: the subset must mean the same.
class PatternSemantics : public testing::TestWithParam<const char*> {
protected:
    static std::string script() {
        return std::string("local r = {") + GetParam() +
               "}\nlocal out = ''\nfor i = 1, 20 do out = out .. tostring(r[i]) .. '|' end\n";
    }
    static std::string stock() {
        const std::unique_ptr<lua_State, void (*)(lua_State*)> state(luaL_newstate(), lua_close);
        luaL_openlibs(state.get());
        if (luaL_dostring(state.get(), (script() + "return out").c_str()) != LUA_OK) return "error";
        const char* text = lua_tostring(state.get(), -1);
        return text != nullptr ? text : "none";
    }
    static std::string sandbox() {
        const core::SystemClock clock;
        State state(Limits{}, clock);
        const auto chunk = Chunk::compile("return function()\n" + script() + "return out end", "t.lua");
        if (!chunk.ok()) return "error";
        const auto module = state.load(*chunk);
        const auto result = state.call(*state.function(*module, ""), {});
        return result.ok() ? std::string(result->textOr("none")) : "error";
    }
};

TEST_P(PatternSemantics, EqualStockLua) {
    EXPECT_EQ(sandbox(), stock()) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Cases, PatternSemantics,
    testing::Values(
        "('hello world'):find('o w')", "('hello'):find('l+')", "('hello'):find('xyz')", "('hello'):find('')",
        "('hello'):find('', 10)", "('hello'):find('', 6)", "('a.b'):find('.', 1, true)", "('a.b'):find('%.')",
        "('key = value'):match('(%w+)%s*=%s*(%w+)')", "('2026-11-21'):match('(%d+)-(%d+)-(%d+)')",
        "('  trim  '):match('^%s*(.-)%s*$')", "('abc'):match('()b()')", "('[[x]]'):match('%[(%b[])%]')",
        "('f(a(b)c)d'):match('%b()')", "('THE (quick) fox'):find('%((%a+)%)')", "('hello'):match('.-(l+)')",
        "('aXb'):gsub('%u', '%%%0')", "('hello world'):gsub('o', '0', 1)", "('abc'):gsub('', '-')",
        "('abc'):gsub('%w', '%0%0')", "('abc'):gsub('b', {b = 'x'})", "('abc'):gsub('b', {})",
        "('abc'):gsub('(b)', function(c) return c:upper() end)", "('abc'):gsub('b', function() end)",
        "('x=1, y=2'):gsub('(%w)=(%w)', '%2=%1')", "('abc'):gsub('^a', 'x')", "('aaa'):gsub('^a', 'x')",
        "('THE (quick) fox'):gsub('%f[%a]%a', 'X')", "('a\\0b'):find('\\0')", "('a-b'):match('[a-]+')",
        "('a]b'):match('[]]')", "('a^b'):match('[%^]')", "('abc'):match('[^a]+')", "('x'):match('[%a_][%w_]*')",
        "('\"a\"b\"'):match('([\"\\'])(.-)%1')", "('abab'):match('(ab)%1')", "('a'):match('a?a?a')",
        "('abc$'):match('c%$')", "('a$b'):match('a$b')", "('ab'):match('^b')", "('一二三'):match('二')",
        "('user=张;'):match('user=([^;]+)')", "('%d'):find('%%d')", "('x'):find('[')", "('x'):find('%')",
        "('x'):find('(')", "('x'):find(')')", "('x'):find('%1')", "('x'):gsub('x', '%2')", "('abc'):match('((a)(b))')",
        "string.format('%5d|%-5s|%05.1f|%x|%%|%c', 42, 'ab', 3.14159, 255, 65)", "string.format('%.2s', 'hello')",
        "string.format('%s %s', 1, 1.5)", "('hello'):sub(-3, -2)", "('hello'):sub(2)", "('hello'):sub(0)",
        "('hello'):sub(-100, 2)", "('hello'):sub(4, 2)", "('hello'):byte(1, -1)", "('hello'):byte(10)",
        "string.char(104, 105)", "('ab'):rep(3, '-')", "('ab'):rep(0)", "('ab'):rep(-1)", "('Abc'):upper()",
        "('Abc'):lower()", "('abc'):reverse()", "tonumber('0x10'), tonumber(' 12 '), tonumber('1e2'), tonumber('x')",
        "tonumber('ff', 16), tonumber('zz', 36), tonumber('9', 8), tonumber(''), tonumber('1 2')",
        "table.concat({1, 2, 'x'}, ',')", "table.concat({})", "table.unpack({1, 2, 3}, 2)", "select('#', 1, nil)",
        "(function() local t = {3, 1, 2} table.sort(t) return table.unpack(t) end)()",
        "(function() local t = {5,3,9,1,7,2,8} table.sort(t, function(a, b) return a > b end) return table.unpack(t) "
        "end)()",
        "(function() local t = {1, 2, 3} table.insert(t, 2, 9) return table.remove(t, 1), table.remove(t), #t end)()",
        "(function() local o = '' for k, v in ('a=1, b=2'):gmatch('(%w)=(%w)') do o = o .. k .. v end return o end)()",
        "(function() local o = '' for w in ('one two'):gmatch('%a*') do o = o .. '[' .. w .. ']' end return o end)()"));

TEST(Pattern, RefusesWhatIsTooLong) {
    Pattern pattern;
    EXPECT_EQ(pattern.compile(std::string(Pattern::kMaxItems, 'a')), nullptr);
    EXPECT_NE(pattern.compile(std::string(Pattern::kMaxItems + 1, 'a')), nullptr);
    std::string captures;
    for (int i = 0; i <= Pattern::kMaxCaptures; ++i) captures += "()";
    EXPECT_NE(pattern.compile(captures), nullptr);
}

}  // namespace
}  // namespace yimen::lua
