#include "core/json.h"

#include <gtest/gtest.h>

namespace yimen::core {
namespace {

TEST(ParseJson, ReadsValues) {
    const auto json = parseJson(R"({"a":[1,2.5,true,null,"一"]})").value();
    EXPECT_EQ(json["a"].size(), 5U);
    EXPECT_EQ(json["a"][4], "一");
}

TEST(ParseJson, RefusesDuplicateKeysAtEachDepth) {
    EXPECT_NE(parseJson(R"({"a":1,"a":2})").error().message.find("'a' stands twice"), std::string::npos);
    EXPECT_FALSE(parseJson(R"([{"x":{"b":1,"b":1}}])").ok());
    EXPECT_FALSE(parseJson("{\"a\":1,\"\\u0061\":2}").ok());
    EXPECT_TRUE(parseJson(R"([{"a":1},{"a":2}])").ok());
}

TEST(ParseJson, RefusesWhatIsNotStrictJson) {
    for (const char* bad : {"",
                            " ",
                            "{",
                            "}",
                            "{}x",
                            "{} {}",
                            "[1,]",
                            "{\"a\":1,}",
                            "{a:1}",
                            "{'a':1}",
                            "// c\n{}",
                            "/* c */{}",
                            "NaN",
                            "Infinity",
                            "01",
                            "+1",
                            "1.",
                            ".5",
                            "\"\x01\"",
                            "\"\\x\"",
                            "\"\\ud800\"",
                            "\"\xC3\x28\"",
                            "\xEF\xBB\xBF{} x",
                            "1e999",
                            "tru"}) {
        EXPECT_FALSE(parseJson(bad).ok()) << bad;
    }
}

TEST(ParseJson, NestingIsLimited) {
    EXPECT_TRUE(parseJson("[[[]]]", 3).ok());
    EXPECT_NE(parseJson("[[[[]]]]", 3).error().message.find("deeper than 3"), std::string::npos);
    EXPECT_FALSE(parseJson(std::string(1'000'000, '[')).ok());
}

TEST(WriteJson, IsOneLineWithSortedKeysAndValidUtf8) {
    EXPECT_EQ(writeJson(Json{{"b", 1}, {"a", "x\ny"}}), R"({"a":"x\ny","b":1})");
    const auto text = writeJson(Json("\xC3\x28"));
    EXPECT_TRUE(parseJson(text).ok()) << text;
}

TEST(JsonReader, TypesAreExactAndErrorsNameThePath) {
    const auto json = parseJson(R"({"t":"x","i":7,"b":true,"f":1.0,"s":"7","big":18446744073709551615})").value();
    const JsonReader reader(json, "$.person");
    EXPECT_EQ(reader.text("t").value(), "x");
    EXPECT_EQ(reader.integer("i").value(), 7);
    EXPECT_TRUE(reader.boolean("b").value());
    EXPECT_FALSE(reader.integer("f").ok());
    EXPECT_FALSE(reader.integer("s").ok());
    EXPECT_FALSE(reader.integer("b").ok());
    EXPECT_FALSE(reader.boolean("i").ok());
    EXPECT_FALSE(reader.text("i").ok());
    EXPECT_FALSE(reader.integer("big").ok());  // does not fit; must not wrap to -1
    EXPECT_EQ(reader.text("none").error().message, "$.person.none is missing");
    EXPECT_NE(reader.text("i").error().message.find("$.person.i"), std::string::npos);
}

TEST(JsonReader, OnlyKeysRefusesOthersAndNonObjects) {
    const auto json = parseJson(R"({"a":1,"b":2})").value();
    EXPECT_TRUE(JsonReader(json).onlyKeys({"a", "b", "c"}).ok());
    EXPECT_NE(JsonReader(json).onlyKeys({"a"}).error().message.find("'b'"), std::string::npos);
    const Json list = Json::array();
    EXPECT_FALSE(JsonReader(list).onlyKeys({}).ok());
    EXPECT_FALSE(JsonReader(list).text("a").ok());
    EXPECT_FALSE(JsonReader(list).has("a"));
}

}  // namespace
}  // namespace yimen::core
