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

}  // namespace
}  // namespace yimen::lua
