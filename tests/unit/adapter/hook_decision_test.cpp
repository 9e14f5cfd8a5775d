#include "adapter/hook_decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yimen::adapter {
namespace {

using lua::Table;
using lua::Value;
using testing::HasSubstr;

Value decisionOf(const std::string& member, Value value) {
    Table table;
    table.set(member, std::move(value));
    return table;
}

Value setting(const std::string& name, Value value) {
    Table set;
    set.set(name, std::move(value));
    return decisionOf("set", Value(std::move(set)));
}

std::string faultOf(const Value& returned, bool ofRequest = true) {
    const auto decision = readDecision(returned, ofRequest);
    return decision.ok() ? "accepted" : decision.error().message;
}

Value denial(Value status, Value zh, Value en) {
    Table deny;
    deny.set("status", std::move(status)).set("zh", std::move(zh)).set("en", std::move(en));
    return decisionOf("deny", Value(std::move(deny)));
}

TEST(HookDecision, NilAndAnEmptyTableChangeNothing) {
    EXPECT_TRUE(readDecision(Value(), true)->empty());
    EXPECT_TRUE(readDecision(Value(Table()), false)->empty());
}

TEST(HookDecision, KeepsWhatTheScriptAskedForInOrderOfNames) {
    Table set;
    set.set("X-B", "2").set("X-A", "1");
    Table remove;
    remove.list.emplace_back("Range");
    Table table;
    table.set("set", Value(std::move(set))).set("remove", Value(std::move(remove))).set("query", "a=%E4%B8%AD");
    const auto decision = readDecision(Value(std::move(table)), true);
    ASSERT_TRUE(decision.ok()) << decision.error().message;
    EXPECT_EQ(decision->set.front(), (std::pair<std::string, std::string>{"X-A", "1"}));
    EXPECT_TRUE(decision->touches("range") && decision->touches("x-b"));
    EXPECT_FALSE(decision->touches("X-C"));
    EXPECT_EQ(decision->query, "a=%E4%B8%AD");
}

TEST(HookDecision, RefusesValuesThatWouldMakeAFieldOfTheirOwn) {
    for (const std::string_view evil :
         {std::string_view("a\r\nX-Remote-User: root"), std::string_view("a\nb"), std::string_view("a\rb"),
          std::string_view("a\0b", 3), std::string_view("\x7F"), std::string_view(" a"), std::string_view("a\t")}) {
        EXPECT_THAT(faultOf(setting("X-A", Value(evil))), HasSubstr("control character")) << evil;
    }
    EXPECT_EQ(faultOf(setting("X-A", "王敏\tb")), "accepted");
}

TEST(HookDecision, RefusesNamesThatAreNoFieldNames) {
    for (const char* name : {"", "X A", "X:A", "X-A\r\nB", "X\x01", "名", "X_Remote_User"}) {
        EXPECT_THAT(faultOf(setting(name, "1")), HasSubstr("not the name of a field")) << name;
        Table remove;
        remove.list.emplace_back(name);
        EXPECT_THAT(faultOf(decisionOf("remove", Value(std::move(remove)))), HasSubstr("not the name")) << name;
    }
    EXPECT_THAT(faultOf(setting(std::string(65, 'x'), "1")), HasSubstr("64 bytes"));
}

TEST(HookDecision, BoundsLengthsAndNumbers) {
    EXPECT_EQ(faultOf(setting("X-A", std::string(4096, 'a'))), "accepted");
    EXPECT_THAT(faultOf(setting("X-A", std::string(4097, 'a'))), HasSubstr("4096"));
    Table many;
    for (int i = 0; i < 33; ++i) many.set("X-" + std::to_string(i), "1");
    EXPECT_THAT(faultOf(decisionOf("set", Value(std::move(many)))), HasSubstr("32"));
    Table heavy;
    for (int i = 0; i < 3; ++i) heavy.set("X-" + std::to_string(i), std::string(4000, 'a'));
    EXPECT_THAT(faultOf(decisionOf("set", Value(std::move(heavy)))), HasSubstr("8192"));
    EXPECT_THAT(faultOf(decisionOf("query", std::string(4097, 'a'))), HasSubstr("4096"));
    EXPECT_THAT(faultOf(denial(403, std::string(501, 'a'), "b")), HasSubstr("500"));
}

TEST(HookDecision, TakesTextsOnlyAndNoNameTwice) {
    EXPECT_THAT(faultOf(setting("X-A", Value(1))), HasSubstr("must be a text"));
    EXPECT_THAT(faultOf(setting("X-A", Value(true))), HasSubstr("must be a text"));
    Table set;
    set.set("X-A", "1").set("x-a", "2");
    EXPECT_THAT(faultOf(decisionOf("set", Value(std::move(set)))), HasSubstr("twice"));
}

TEST(HookDecision, TheQueryIsWhatAQueryMayHold) {
    for (const std::string_view bad : {std::string_view("a b"), std::string_view("a#b"), std::string_view("a\r\nb"),
                                       std::string_view("中"), std::string_view("a\0", 2), std::string_view("<")}) {
        EXPECT_THAT(faultOf(decisionOf("query", Value(bad))), HasSubstr("encode")) << bad;
    }
    EXPECT_EQ(readDecision(decisionOf("query", ""), true)->query, "");
    EXPECT_THAT(faultOf(decisionOf("query", "a=1"), false), HasSubstr("unknown member"));
}

TEST(HookDecision, ADenialNeedsAPlainStatusAndBothLanguages) {
    const auto decision = readDecision(denial(451, "不经过门户", "not through the portal"), true);
    ASSERT_TRUE(decision.ok()) << decision.error().message;
    EXPECT_EQ(decision->deny->status, 451);
    EXPECT_EQ(decision->deny->reason.zh, "不经过门户");
    for (const int status : {200, 302, 401, 407, 408, 500, 502, 1000, -1}) {
        EXPECT_THAT(faultOf(denial(status, "a", "b")), HasSubstr("deny.status")) << status;
    }
    EXPECT_THAT(faultOf(denial(403, Value(), "b")), HasSubstr("deny.zh"));
    EXPECT_THAT(faultOf(denial(403, "a", "\xff")), HasSubstr("deny.en"));
    EXPECT_EQ(faultOf(denial(Value(), "a", "b")), "accepted");
}

TEST(HookDecision, SaysWhatItDoesNotKnow) {
    EXPECT_THAT(faultOf(decisionOf("sett", Value(Table()))), HasSubstr("unknown member 'sett'"));
    EXPECT_THAT(faultOf(Value("allow")), HasSubstr("must return nil or a table"));
    EXPECT_THAT(faultOf(Value(true)), HasSubstr("must return nil or a table"));
    EXPECT_THAT(faultOf(decisionOf("a\nb", Value(1))), HasSubstr("'a?b'"));
}

}  // namespace
}  // namespace yimen::adapter
