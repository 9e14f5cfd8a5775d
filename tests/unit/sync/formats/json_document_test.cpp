#include "sync/formats/json_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace yimen::sync {
namespace {

using ::testing::HasSubstr;

JsonDocument parsed(std::string_view text) {
    auto document = JsonDocument::parse(text, "page 1");
    EXPECT_TRUE(document.ok()) << text << (document.ok() ? "" : document.error().message);
    return std::move(document).value();
}

std::string refusal(std::string_view text) {
    const auto document = JsonDocument::parse(text, "page 1");
    return document.ok() ? "" : document.error().message;
}

TEST(JsonDocument, RefusesWhatIsNotJsonAsAWhole) {
    for (const char* bad : {"",
                            " ",
                            "[",
                            "[1,]",
                            "{\"a\":1,}",
                            "[1 2]",
                            "{\"a\" 1}",
                            "{a:1}",
                            "[01]",
                            "[1.]",
                            "[.5]",
                            "[+1]",
                            "[1e]",
                            "[nul]",
                            "[truth]",
                            "[\"\\x\"]",
                            "[\"\\ud800\"]",
                            "[\"a\nb\"]",
                            "[1]]",
                            "[1],",
                            "{\"a\":[}]",
                            "[\"a]",
                            "{\"list\":[{\"a\":1},{\"a\":"}) {
        EXPECT_THAT(refusal(bad), HasSubstr("not JSON")) << bad;
    }
    EXPECT_THAT(refusal(std::string(100, '[') + std::string(100, ']')), HasSubstr("not JSON"));
    EXPECT_THAT(refusal("[{\"a\":1},\n{\"a\":tru}]"), HasSubstr("line 2"));
    for (const char* good :
         {"[]", "{}", " [1] ", "[-0.0e-1]", "[\"\\ud83d\\ude00\"]", "[null,true,false]", "{\"a\":{\"b\":[]}}"}) {
        EXPECT_EQ(refusal(good), "") << good;
    }
}

TEST(JsonDocument, FindsValuesByPointer) {
    JsonDocument document = parsed(R"({"code":"0","page":{"total":4000,"next":null},"list":[{"id":1},{"id":2}]})");
    EXPECT_EQ(*document.textAt("/code"), "0");
    EXPECT_EQ(*document.textAt("/page/total"), "4000");
    EXPECT_EQ(*document.textAt("/list/1/id"), "2");
    EXPECT_EQ(*document.textAt("/page/next"), std::nullopt);
    EXPECT_EQ(*document.textAt("/nowhere/x"), std::nullopt);
    EXPECT_EQ(*document.textAt("/list"), R"([{"id":1},{"id":2}])");
    EXPECT_FALSE(document.textAt("code").ok());
    EXPECT_EQ(*document.textAt("/code"), "0");
}

}  // namespace
}  // namespace yimen::sync
