#include "lua/row_caller.h"

#include <gmock/gmock.h>

namespace yimen::lua {
namespace {

using testing::HasSubstr;

struct Rows {
    explicit Rows(const std::string& source, const Limits& limits = {}) {
        TextLibrary library;
        library.name = "H";
        library.add("twice", [this](std::span<const TextView> arguments, TextView& out) {
            if (arguments.empty() || arguments[0].data() == nullptr) return true;
            kept = std::string(arguments[0]) + std::string(arguments[0]);
            out = kept;
            return true;
        });
        library.add("refuse", [](std::span<const TextView>, TextView& out) {
            out = "no";
            return false;
        });
        state.emplace(limits, clock, std::vector<HostBinding>{}, std::move(library));
        auto chunk = Chunk::compile(source, "map.lua");
        EXPECT_TRUE(chunk.ok());
        const auto module = state->load(*chunk);
        EXPECT_TRUE(module.ok()) << module.error().message;
        caller.emplace(*state, *state->function(*module, "map"), std::vector<std::string>{"a", "b"},
                       std::vector<std::string>{"x", "y"});
    }
    /// "x|y", "drop", "drop:reason" or "!message".
    std::string call(TextView a, TextView b = {}) {
        const TextView cells[] = {a, b};
        const auto answer = caller->call(cells);
        if (!answer.ok()) return "!" + answer.error().message;
        if (*answer == RowAnswer::kNothing) return "drop" + (caller->reason().empty() ? "" : ":" + caller->reason());
        std::string out;
        for (const TextView text : caller->texts()) {
            out += out.empty() ? "" : "|";
            out += text.data() == nullptr ? "<nil>" : std::string(text);
        }
        return out;
    }
    std::string kept;
    core::ManualClock clock;
    std::optional<State> state;
    std::optional<RowCaller> caller;
};

TEST(RowCaller, HandsRowsThroughAFunction) {
    Rows rows("return {map = function(row) return {x = row.b, y = H.twice(row.a)} end}");
    EXPECT_EQ(rows.call("甲", "2"), "2|甲甲");
    EXPECT_EQ(rows.call("", {}), "<nil>|");
    EXPECT_EQ(rows.call({}, std::string_view("\0z", 2)), std::string("\0z|<nil>", 8));
}

TEST(RowCaller, GivesNumbersAndBooleansAsText) {
    Rows rows("return {map = function(row) return {x = 0.1 + 0.2, y = row.a == 'q'} end}");
    EXPECT_EQ(rows.call("q"), "0.30000000000000004|true");
    Rows whole("return {map = function() return {x = 9007199254740993, y = -1} end}");
    EXPECT_EQ(whole.call("q"), "9007199254740993|-1");
}

TEST(RowCaller, TellsDroppedAndRefusedRowsApart) {
    Rows rows("return {map = function(row) if row.a == '1' then return nil end return nil, 'too ' .. row.a end}");
    EXPECT_EQ(rows.call("1"), "drop");
    EXPECT_EQ(rows.call("old"), "drop:too old");
}

TEST(RowCaller, GoesOnAfterAnErrorOfOneRow) {
    Rows rows("return {map = function(row) if row.a == '1' then error('bad') end return {x = row.a} end}");
    EXPECT_THAT(rows.call("1"), HasSubstr("map.lua:1: bad"));
    EXPECT_EQ(rows.call("2"), "2|<nil>");
    Rows host("return {map = function(row) return {x = H.refuse(row.a)} end}");
    EXPECT_EQ(host.call("1"), "!no");
}

TEST(RowCaller, RefusesWhatIsNoRow) {
    EXPECT_THAT(Rows("return {map = function() return 5 end}").call("1"), HasSubstr("a table or nil, not a number"));
    EXPECT_THAT(Rows("return {map = function() return {x = {}} end}").call("1"), HasSubstr("'x' is a table"));
    EXPECT_THAT(Rows("return {map = function(r) return {x = H.twice({})} end}").call("1"),
                HasSubstr("argument 1 is a table"));
}

TEST(RowCaller, StopsARunawayRow) {
    Rows rows("return {map = function(row) while row.a == '1' do end return {x = 'ok'} end}");
    EXPECT_THAT(rows.call("1"), HasSubstr("maxInstructions"));
    EXPECT_EQ(rows.call("2"), "ok|<nil>");
    Rows hungry("return {map = function(row) local t = {} for i = 1, 1e9 do t[i] = row.a .. i end end}");
    EXPECT_THAT(hungry.call("1"), HasSubstr("limit max"));
}

TEST(RowCaller, GivesEachRowTheWholeBudgetOfInstructions) {
    Rows rows("return {map = function(row) for i = 1, 20000 do end return {x = 'ok'} end}");
    for (int i = 0; i < 20; ++i) ASSERT_EQ(rows.call("1"), "ok|<nil>") << i;
}

TEST(RowCaller, NamesMembersNobodyWants) {
    Rows rows("return {map = function(row) row.x = 1 row.z = row.a return row end}");
    EXPECT_EQ(rows.call(TextView{}), "1|<nil>");
    EXPECT_EQ(*rows.caller->strangeName(), "");
    EXPECT_EQ(rows.call("q"), "1|<nil>");
    EXPECT_EQ(*rows.caller->strangeName(), "z");
}

TEST(RowCaller, KeepsMemoryFlatOverManyRows) {
    Limits limits;
    limits.generational = true;
    limits.maxBytes = 1024 * 1024;
    Rows rows("return {map = function(row) return {x = row.a .. row.b, y = {} and 'y'} end}", limits);
    for (int i = 0; i < 50'000; ++i)
        ASSERT_EQ(rows.call("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b").size(), 52U);
}

}  // namespace
}  // namespace yimen::lua
