#include "lua/state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace yimen::lua {
namespace {

using core::ErrorCode;
using testing::HasSubstr;
using testing::Not;

class LuaState : public testing::Test {
protected:
    core::SystemClock clock_;
    Limits limits_;

    /// Runs `body` as a function of one argument.
    core::Result<Value> run(const std::string& body, Value argument = {}) {
        State state(limits_, clock_);
        return runIn(state, body, std::move(argument));
    }
    core::Result<Value> runIn(State& state, const std::string& body, Value argument = {}) {
        YIMEN_TRY(auto chunk, Chunk::compile("return function(a)\n" + body + "\nend", "hooks.lua"));
        YIMEN_TRY(const int module, state.load(chunk));
        return state.call(*state.function(module, ""), {std::move(argument)});
    }
    std::string text(const std::string& body, Value argument = {}) {
        auto result = run(body, std::move(argument));
        if (!result.ok()) return "error: " + result.error().message;
        return std::string(result->textOr("not text"));
    }
    /// Each must be stopped by a limit, quickly, and leave the state usable.
    void expectStopped(const std::string& body, const std::string& limit) {
        State state(limits_, clock_);
        const auto begin = clock_.mono();
        auto result = runIn(state, body);
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.mono() - begin);
        ASSERT_FALSE(result.ok()) << body;
        EXPECT_EQ(result.error().code, ErrorCode::kTooLarge) << body << result.error().message;
        EXPECT_THAT(result.error().message, HasSubstr(limit)) << body;
        EXPECT_LT(took.count(), 1500) << body;
        auto after = runIn(state, "return 'alive'");
        ASSERT_TRUE(after.ok()) << body << after.error().message;
        EXPECT_EQ(after->textOr("none"), "alive");
    }
};

TEST_F(LuaState, CarriesValuesBothWays) {
    Table inner;
    inner.list = {Value(1), Value("two"), Value(true)};
    inner.set("名", Value("大连"));
    auto result = run("return {a['名'], a[2], #a, a.missing == nil, 1.5}", Value(inner));
    ASSERT_TRUE(result.ok()) << result.error().message;
    ASSERT_TRUE(result->isTable());
    const auto* table = result->table();
    ASSERT_NE(table, nullptr);
    const auto list = table != nullptr ? table->list : std::vector<Value>();
    ASSERT_EQ(list.size(), 5U);
    EXPECT_EQ(list[0].textOr("none"), "大连");
    EXPECT_EQ(list[1].textOr("none"), "two");
    EXPECT_THAT(list[2].integer(), testing::Pointee(3));
    EXPECT_THAT(list[3].boolean(), testing::Pointee(true));
    EXPECT_THAT(list[4].number(), testing::Pointee(1.5));
}

TEST_F(LuaState, StopsEndlessLoops) {
    expectStopped("while true do end", "maxInstructions");
    expectStopped("for i = 1, math.huge do local x = i end", "maxInstructions");
    expectStopped("local function f() return f() end return f()", "maxInstructions");
}

TEST_F(LuaState, StopsMemoryBombs) {
    expectStopped("local s = 'x' while true do s = s .. s end", "maxBytes");
    expectStopped("local t = {} for i = 1, 1e9 do t[i] = {i} end", "max");
    limits_.maxInstructions = 100'000'000;
    limits_.maxTime = std::chrono::seconds(60);
    expectStopped("local s = string.rep('x', 1e6) while true do local y = s .. 'a' end", "maxChurnBytes");
}

TEST_F(LuaState, StopsRepBombs) {
    expectStopped("return string.rep('x', 1e9)", "maxStringBytes");
    expectStopped("return ('x'):rep(1 << 62)", "maxStringBytes");
    expectStopped("return ('xy'):rep(1 << 62, 'zz')", "maxStringBytes");
    expectStopped("local s = ('x'):rep(1e5) return (s:gsub('.', s))", "max");
    expectStopped("local t = {} for i = 1, 1100 do t[i] = ('x'):rep(1000) end return table.concat(t)",
                  "maxStringBytes");
}

TEST_F(LuaState, StopsPatternBombs) {
    expectStopped("return string.find(('a'):rep(100), '.-.-.-.-b')", "maxLibrarySteps");
    expectStopped("return ('a'):rep(30):match('a*a*a*a*a*a*a*a*a*b')", "maxLibrarySteps");
    expectStopped("for w in (('a'):rep(5000)):gmatch('.-.-b') do end", "maxLibrarySteps");
    expectStopped("return (('('):rep(5000)):gsub('%b()', '')", "maxLibrarySteps");
    expectStopped("while true do string.find('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '.-b') end", "max");
}

TEST_F(LuaState, StopsLibraryLoops) {
    expectStopped("local t = {} for i = 1, 3000 do t[i] = i end for i = 1, 1000 do table.insert(t, 1, i) end",
                  "maxLibrarySteps");
    expectStopped("local t = {} for i = 1, 5000 do t[i] = -i end for i = 1, 100 do table.sort(t) end",
                  "maxLibrarySteps");
    limits_.maxTime = std::chrono::milliseconds(0);
    expectStopped("for i = 1, 50000 do end", "maxTime");
}

TEST_F(LuaState, StopsDeepRecursion) {
    limits_.maxInstructions = 100'000'000;
    State state(limits_, clock_);
    auto deep = runIn(state, "local function f(n) return 1 + f(n + 1) end return f(1)");
    ASSERT_FALSE(deep.ok());
    auto library = runIn(state, "local function f(s) return (s:gsub('.', f)) end return f('x')");
    ASSERT_FALSE(library.ok());
    auto sorted = runIn(state, "local function f() table.sort({1, 2}, f) return false end return f()");
    ASSERT_FALSE(sorted.ok());
    EXPECT_TRUE(runIn(state, "return 1").ok());
}

TEST_F(LuaState, OffersNothingThatLeadsOut) {
    for (const char* name :
         {"io",     "os",        "debug",          "package", "require", "load",   "loadstring",   "loadfile",
          "dofile", "coroutine", "collectgarbage", "print",   "pcall",   "xpcall", "getmetatable", "setmetatable",
          "rawget", "rawset",    "rawequal",       "rawlen",  "_G",      "warn"}) {
        EXPECT_EQ(text(std::string("return type(") + name + ")"), "nil") << name;
    }
    EXPECT_EQ(text("return type(string.dump) .. type(string.pack) .. type(math.random) .. type(table.move)"),
              "nilnilnilnil");
}

TEST_F(LuaState, KeepsStandardTablesAsTheyAre) {
    EXPECT_THAT(text("string.rep = nil"), HasSubstr("read-only"));
    EXPECT_THAT(text("math.pi = 3"), HasSubstr("read-only"));
    EXPECT_THAT(text("table.insert(string, 'x') return type(string[1])"), Not(HasSubstr("error: ok")));
    EXPECT_THAT(text("return ('x').rep.y"), HasSubstr("index a function value"));
    EXPECT_THAT(text("local s = 'x' s.rep = 1"), HasSubstr("index a string value"));
    State state(limits_, clock_);
    ASSERT_TRUE(runIn(state, "string = nil table = 1 x = 7 return 1").ok());
    auto other = runIn(state, "return type(string) .. type(table) .. type(x)");
    ASSERT_TRUE(other.ok());
    EXPECT_EQ(other->textOr("none"), "tabletablenil");
}

TEST_F(LuaState, HidesAddresses) {
    EXPECT_EQ(text("return tostring({}) .. tostring(tostring) .. tostring(nil) .. tostring(1.5)"),
              "tablefunctionnil1.5");
    EXPECT_THAT(text("return string.format('%s', {})"), HasSubstr("takes no table"));
    EXPECT_THAT(text("return string.format('%p', {})"), HasSubstr("not offered"));
}

TEST_F(LuaState, RefusesPrecompiledInput) {
    auto chunk = Chunk::compile("\x1bLua\x54", "evil.lua");
    ASSERT_FALSE(chunk.ok());
    EXPECT_EQ(chunk.error().code, ErrorCode::kInvalidInput);
}

TEST_F(LuaState, SaysWhereAScriptFails) {
    auto result = run("local x = nil\nreturn x.y");
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(result.error().message, HasSubstr("hooks.lua:3:"));
    EXPECT_THAT(result.error().detail, HasSubstr("stack traceback"));
    auto syntax = Chunk::compile("return = 1", "hooks.lua");
    ASSERT_FALSE(syntax.ok());
    EXPECT_THAT(syntax.error().message, HasSubstr("hooks.lua:1:"));
}

TEST_F(LuaState, TakesErrorObjectsThatAreNoText) {
    for (const char* body : {"error({1})", "error(nil)", "error(function() end)", "error(true)"}) {
        auto result = run(body);
        ASSERT_FALSE(result.ok()) << body;
        EXPECT_EQ(result.error().code, ErrorCode::kInvalidInput);
    }
}

TEST_F(LuaState, RefusesDeepAndCyclicValues) {
    EXPECT_THAT(text("local t = {} t.t = t return t"), HasSubstr("nested deeper"));
    EXPECT_THAT(text("local t = {} for i = 1, 20 do t = {t} end return t"), HasSubstr("nested deeper"));
}

TEST_F(LuaState, RefusesModulesWithoutFunctions) {
    State state(limits_, clock_);
    auto chunk = Chunk::compile("return 1", "x.lua");
    EXPECT_FALSE(state.load(*chunk).ok());
    auto module = state.load(*Chunk::compile("return {a = function() return 1 end, b = 2}", "y.lua"));
    ASSERT_TRUE(module.ok());
    EXPECT_TRUE(state.function(*module, "a").has_value());
    EXPECT_FALSE(state.function(*module, "b").has_value());
    EXPECT_FALSE(state.function(*module, "c").has_value());
}

TEST_F(LuaState, CostsLittlePerCall) {
    State state(limits_, clock_);
    auto module = state.load(*Chunk::compile(
        "local groups = {clerk = true, head = true}\nreturn function(role) return groups[role] == true end", "p.lua"));
    const auto function = *state.function(*module, "");
    const std::array<Value, 1> arguments{Value("clerk")};
    constexpr int kCalls = 100'000;
    const auto begin = clock_.mono();
    for (int i = 0; i < kCalls; ++i) ASSERT_TRUE(state.call(function, arguments)->truthy());
    const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(clock_.mono() - begin).count() / kCalls;
    RecordProperty("ns_per_predicate", static_cast<int>(took));
    std::printf("ns per predicate call: %lld\n", static_cast<long long>(took));
    EXPECT_LT(took, 20'000);
}

}  // namespace
}  // namespace yimen::lua
