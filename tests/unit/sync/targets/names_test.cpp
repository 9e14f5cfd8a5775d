#include "sync/targets/names.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

TEST(Names, AreQuotedWhateverTheyHold) {
    EXPECT_EQ(quotedName("a"), "\"a\"");
    EXPECT_EQ(quotedName("a\"b"), "\"a\"\"b\"");
}

TEST(Names, LeaveRoomForTheHistory) {
    ItemTable item;
    item.code = "A";
    item.table = std::string(kMaxTableName, 'a');
    item.schema.fields = {{"id", "", FieldType::kText, true, true}};
    EXPECT_TRUE(checkItem(item).ok());
    EXPECT_EQ(historyName(item.table).size(), 63U);
    item.table += 'a';
    EXPECT_FALSE(checkItem(item).ok());
}

TEST(Names, SayWhichItemAndWhichNameIsWrong) {
    ItemTable item;
    item.code = "ZS-7";
    item.table = "Bad";
    const auto refused = checkItem(item);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message.find("ZS-7"), std::string::npos);
    EXPECT_NE(refused.error().message.find("Bad"), std::string::npos);
    item.code.clear();
    EXPECT_FALSE(checkItem(item).ok());
}

}  // namespace
}  // namespace yimen::sync
