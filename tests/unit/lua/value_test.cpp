#include "lua/value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yimen::lua {
namespace {

TEST(Value, IsTrueAsInLua) {
    EXPECT_FALSE(Value().truthy());
    EXPECT_FALSE(Value(false).truthy());
    EXPECT_TRUE(Value(0).truthy());
    EXPECT_TRUE(Value("").truthy());
}

TEST(Value, FindsMembersAndForgivesOtherTypes) {
    Table inner;
    inner.set("x", Value(1)).set("x", Value(2));
    Table table;
    table.set("inner", Value(inner));
    const Value value(table);
    EXPECT_THAT(value["inner"]["x"].integer(), testing::Pointee(2));
    EXPECT_TRUE(value["none"]["deeper"].isNil());
    EXPECT_TRUE(Value("text")["x"].isNil());
    EXPECT_EQ(Value(1).textOr("other"), "other");
}

TEST(Value, WritesOverWhatItHoldsButNeverOverWhatOthersShare) {
    Value value("a text that has memory of its own");
    const char* memory = value.textOr("").data();
    value.setText("short");
    EXPECT_EQ(value.textOr(""), "short");
    EXPECT_EQ(value.textOr("").data(), memory);
    value.ownTable().set("x", Value(1));
    const Table* table = value.table();
    EXPECT_EQ(&value.ownTable(), table);
    const Value shared = value;
    value.ownTable().set("x", Value(2));
    EXPECT_THAT(shared["x"].integer(), testing::Pointee(1));
    value.setText("t");
    EXPECT_TRUE(value.isText() && shared.isTable());
}

}  // namespace
}  // namespace yimen::lua
