#include "sync/formats/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/sync/formats/reading.h"

namespace yimen::sync {
namespace {

using fixture::Outcome;
using fixture::readAll;
using fixture::Table;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

JsonDocument parsed(std::string_view text) {
    auto document = JsonDocument::parse(text, "page 1");
    EXPECT_TRUE(document.ok()) << text << (document.ok() ? "" : document.error().message);
    return std::move(document).value();
}

Outcome read(std::string_view text, const std::string& records, const std::vector<std::string>& wanted,
             bool extra = true) {
    JsonReader reader(parsed(text), records, {});
    return readAll(reader, wanted, extra);
}

TEST(JsonReader, KeepsNumbersAsTheyAreWritten) {
    const Outcome out =
        read(R"({"data":{"list":[{"id":21029900001310000001,"x":1.50,"e":-1E+3,"b":true,"n":null,"t":"\u4e2d\n"}]}})",
             "/data/list", {"id", "x", "e", "b", "n", "t", "absent"});
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows, (Table{{"21029900001310000001", "1.50", "-1E+3", "true", "<null>", "中\n", "<null>"}}));
    EXPECT_THAT(out.origins, ElementsAre(1));
}

TEST(JsonReader, GivesNestedValuesAsJsonAndReachesIntoThem) {
    const std::string text = R"([{"p":{"id":7,"tags":["a","]"]},"g":{"c":[121.5, 38.9]}},{"p":null}])";
    JsonReader reader(parsed(text), "", {{"id", "/p/id"}, {"tags", "p/tags"}, {"lng", "/g/c/0"}, {"all", "g"}});
    const Outcome out = readAll(reader, {"id", "tags", "lng", "all"}, true);
    EXPECT_EQ(out.rows, (Table{{"7", R"(["a","]"])", "121.5", R"({"c":[121.5, 38.9]})"},
                               {"<null>", "<null>", "<null>", "<null>"}}));
}

TEST(JsonReader, FindsTheMembersThatOccur) {
    JsonReader reader(parsed(R"([{"a":null,"b":1},{"a":"x","c":[]}])"), "", {});
    const auto columns = reader.columns();
    ASSERT_TRUE(columns.ok());
    EXPECT_THAT(*columns, ElementsAre(SourceField{"a", "text"}, SourceField{"b", "number"}, SourceField{"c", "array"}));
}

TEST(JsonReader, RefusesWhatIsNoRecordAndKeepsTheOthers) {
    const Outcome out = read(R"([{"a":1},2,{"a":1,"a":2},{"a":3}])", "", {"a"});
    EXPECT_EQ(out.rows, (Table{{"1"}, {"3"}}));
    EXPECT_THAT(out.origins, ElementsAre(1, 4));
    ASSERT_EQ(out.rejected.size(), 2U);
    EXPECT_EQ(out.rejected[0].message, "the record is a number, not an object");
    EXPECT_EQ(out.rejected[1].message, "the member \"a\" stands twice");
    EXPECT_EQ(out.rejected[1].raw, R"({"_record":"{\"a\":1,\"a\":2}"})");
}

TEST(JsonReader, RefusesAMemberNobodyExpectsUnlessItMay) {
    EXPECT_THAT(read(R"([{"a":1},{"a":1,"b":2}])", "", {"a"}, false).error, HasSubstr("record 2 has a member \"b\""));
    EXPECT_EQ(read(R"([{"a":1,"b":2}])", "", {"a"}, true).error, "");
}

TEST(JsonReader, TellsNoRecordsFromAnEmptyList) {
    EXPECT_EQ(read(R"({"list":[]})", "/list", {"a"}).error, "");
    EXPECT_THAT(read(R"({"code":500})", "/list", {"a"}).error, HasSubstr("page 1: there are no records at \"/list\""));
    EXPECT_THAT(read(R"({"list":"none"})", "/list", {"a"}).error, HasSubstr("there are no records"));
}

}  // namespace
}  // namespace yimen::sync
