#include "lua/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>

#include "lua/state.h"

namespace yimen::lua {
namespace {

using testing::HasSubstr;

class Record : public testing::Test {
protected:
    /// Runs the body of function(a, b) with the arguments below.
    core::Result<Value> run(const std::string& body) {
        const auto chunk = Chunk::compile("local kept\nreturn function(a, b) " + body + " end", "record.lua");
        EXPECT_TRUE(chunk.ok()) << body;
        const auto function = *state_.function(*state_.load(*chunk), "");
        return again(function);
    }
    core::Result<Value> again(State::Function function) {
        const View arguments[] = {View::table(members_), View(true)};
        return answerOf(function, arguments);
    }
    core::Result<Value> answerOf(State::Function function, std::span<const View> arguments) {
        Value answer;
        YIMEN_TRY_STATUS(state_.callWith(function, arguments, answer));
        return answer;
    }
    bool holds(const std::string& body) {
        const auto answer = run("return " + body);
        return answer.ok() && answer->truthy();
    }
    static Value countedValue(const void* source) {
        ++*static_cast<int*>(const_cast<void*>(source));
        Table table;
        table.list.emplace_back("made");
        return table;
    }
    static Value noMemory(const void*) { throw std::bad_alloc(); }

    core::SystemClock clock_;
    State state_{Limits{}, clock_};
    int made_ = 0;
    const std::string_view words_[2] = {"one", "two"};
    const View::Member inner_[2] = {{"name", std::string_view("王敏")}, {"empty", View::table({})}};
    const View::Member members_[7] = {{"text", std::string_view("a\0b", 3)},
                                      {"list", View::list(words_)},
                                      {"none", View()},
                                      {"n", std::int64_t{41}},
                                      {"inner", View::table(inner_)},
                                      {"dear", View::made(countedValue, &made_)},
                                      {"dearer", View::made(noMemory, nullptr)}};
};

TEST_F(Record, ShowsMembersAsTheyAre) {
    EXPECT_EQ(run("return a.text")->textOr(""), std::string_view("a\0b", 3));
    EXPECT_TRUE(holds("a.list[2] == 'two' and #a.list == 2"));
    EXPECT_TRUE(holds("a.none == nil and a.unknown == nil and a[1] == nil and a[true] == nil"));
    EXPECT_TRUE(holds("a.n + 1 == 42 and b == true"));
    EXPECT_TRUE(holds("a.inner.name == '王敏' and a.inner.empty.x == nil"));
}

TEST_F(Record, IsOneAndTheSameForOneTable) {
    EXPECT_TRUE(holds("a.inner == a.inner and a.inner ~= a"));
}

TEST_F(Record, CanBeWalked) {
    const auto answer = run(R"(
local seen = {}
for name, value in pairs(a.inner) do seen[#seen + 1] = name .. ':' .. type(value) end
table.sort(seen)
return table.concat(seen, ' '))");
    EXPECT_EQ(answer->textOr(""), "empty:userdata name:string");
}

TEST_F(Record, CannotBeChangedAndGivesListsOfTheScriptsOwn) {
    EXPECT_THAT(run("a.text = 'x'").error().message, HasSubstr("record.lua:2: a record cannot be changed"));
    EXPECT_THAT(run("a.inner.name = nil").error().message, HasSubstr("cannot be changed"));
    EXPECT_TRUE(holds("(function() a.list[1] = 'mine' return a.list[1] == 'one' end)()"));
}

TEST_F(Record, IsBlankOnceTheCallIsOver) {
    const auto chunk = Chunk::compile(
        "local kept\nreturn function(a) if kept then return kept.name end kept = a.inner return 'first' end", "r.lua");
    const auto function = *state_.function(*state_.load(*chunk), "");
    EXPECT_EQ(again(function)->textOr(""), "first");
    EXPECT_THAT(again(function).error().message, HasSubstr("blank once its call is over"));
    EXPECT_THAT(state_.call(function, {Value()}).error().message, HasSubstr("blank once its call is over"));
}

TEST_F(Record, IsBlankAfterACallThatFailed) {
    const auto chunk = Chunk::compile(
        "local kept\nreturn function(a) if kept then return kept.text end kept = a error('no') end", "r.lua");
    const auto function = *state_.function(*state_.load(*chunk), "");
    EXPECT_FALSE(again(function).ok());
    EXPECT_THAT(state_.call(function, {Value()}).error().message, HasSubstr("blank once its call is over"));
}

TEST_F(Record, MakesWhatIsDearOnlyWhenItIsRead) {
    EXPECT_TRUE(holds("a.n == 41"));
    EXPECT_EQ(made_, 0);
    EXPECT_TRUE(holds("a.dear[1] == 'made'"));
    EXPECT_EQ(made_, 1);
}

TEST_F(Record, SaysThatThereIsNoMemory) {
    EXPECT_THAT(run("return a.dearer").error().message, HasSubstr("not enough memory"));
    EXPECT_TRUE(holds("a.n == 41"));
}

TEST_F(Record, AnswersAreWrittenOverTheLastOneWithoutATraceOfIt) {
    const auto chunk = Chunk::compile(R"(return function(step)
if step == 1 then return {1, 2, 3, a = {b = "long enough to need memory of its own", c = 1}} end
if step == 2 then return {"x", a = {c = 2}} end
if step == 3 then return {a = "text"} end
end)",
                                      "r.lua");
    const auto function = *state_.function(*state_.load(*chunk), "");
    Value answer;
    const auto step = [&](std::int64_t number) {
        const View argument(number);
        ASSERT_TRUE(state_.callWith(function, {&argument, 1}, answer).ok());
    };
    step(1);
    EXPECT_THAT(answer["a"]["c"].integer(), testing::Pointee(1));
    const Table* memory = answer["a"].table();
    step(2);
    EXPECT_EQ(answer["a"].table(), memory) << "new memory for an answer of the same shape";
    EXPECT_THAT(answer["a"]["c"].integer(), testing::Pointee(2));
    EXPECT_TRUE(answer["a"]["b"].isNil());
    EXPECT_EQ(answer.table()->list.size(), 1U);
    step(3);
    EXPECT_EQ(answer["a"].textOr(""), "text");
    EXPECT_TRUE(answer.table()->list.empty());
    step(4);
    EXPECT_TRUE(answer.isNil());
}

TEST_F(Record, HasNoOtherUse) {
    for (const char* body : {"return #a", "return a .. ''", "return a + 1", "return a()", "return next(a)",
                             "return table.concat(a)", "return ipairs(a)(a, 0) + 1"}) {
        EXPECT_FALSE(run(body).ok()) << body;
    }
    EXPECT_TRUE(holds("type(a) == 'userdata' and tostring(a) == 'userdata'"));
}

TEST_F(Record, EndsACallThatShowsTooManyTables) {
    constexpr std::size_t kMany = Records::kMaxRecords;
    std::vector<std::string> names;
    std::vector<View::Member> inner(kMany, {"x", std::int64_t{1}});
    std::vector<View::Member> outer;
    for (std::size_t i = 0; i < kMany; ++i) names.push_back("t" + std::to_string(i));
    for (std::size_t i = 0; i < kMany; ++i) outer.push_back({names[i], View::table({&inner[i], 1})});
    const auto chunk = Chunk::compile("return function(a) for _, t in pairs(a) do t.y = nil end end", "r.lua");
    const auto function = *state_.function(*state_.load(*chunk), "");
    const View argument = View::table(outer);
    EXPECT_THAT(answerOf(function, {&argument, 1}).error().message, HasSubstr("more than 8 records"));
}

}  // namespace
}  // namespace yimen::lua
