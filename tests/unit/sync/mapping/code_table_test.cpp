#include "sync/mapping/code_table.h"

#include <gmock/gmock.h>

namespace yimen::sync::mapping {
namespace {

TEST(CodeTable, FindsEachCodeAndNoOther) {
    std::vector<std::pair<std::string, std::string>> entries{{"", "blank"}, {"x", ""}};
    for (int i = 0; i < 5000; ++i) entries.emplace_back(std::to_string(i), "m" + std::to_string(i));
    CodeTable table(entries);
    for (int i = 0; i < 5000; ++i) ASSERT_EQ(table.find(std::to_string(i)), "m" + std::to_string(i));
    EXPECT_TRUE(isNullCell(table.find("5000")));
    EXPECT_TRUE(isNullCell(table.find("01")));
    EXPECT_EQ(table.find(""), "blank");
    EXPECT_FALSE(isNullCell(table.find("x")));
    EXPECT_TRUE(isNullCell(CodeTable(std::vector<std::pair<std::string, std::string>>()).find("")));
}

TEST(CodeTable, StaysGoodWhenItMoves) {
    using Entries = std::vector<std::pair<std::string, std::string>>;
    CodeTable a(Entries{{"1", "a"}});
    CodeTable b(std::move(a));
    EXPECT_EQ(b.find("1"), "a");
    b = CodeTable(Entries{{"2", "b"}});
    EXPECT_EQ(b.find("2"), "b");
    EXPECT_TRUE(isNullCell(b.find("1")));
}

TEST(CodeTableSpec, TellsFaults) {
    const auto document =
        config::YamlDocument::parse("a: [1]\nb: {\"1\": {x: y}}\nc: [{from: soon, values: {}}]\nd: [{}]\n", "f");
    ASSERT_TRUE(document.ok());
    config::YamlErrors errors;
    readCodeTables(document->root(), errors);
    const std::string faults = errors.status().error().message;
    EXPECT_THAT(faults, testing::HasSubstr("f:1:5: a map"));
    EXPECT_THAT(faults, testing::HasSubstr("f:2:"));
    EXPECT_THAT(faults, testing::HasSubstr("f:3:12: the day this version begins"));
    EXPECT_THAT(faults, testing::HasSubstr("'from' is missing"));
}

}  // namespace
}  // namespace yimen::sync::mapping
