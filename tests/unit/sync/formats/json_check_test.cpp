#include "sync/formats/json_check.h"

#include <gtest/gtest.h>

#include <string>

namespace yimen::sync {
namespace {

std::string compacted(JsonCheck& check, const std::string& text) {
    std::string out(text.size(), '\0');
    const auto size = check.compact(text, out.data());
    return size ? out.substr(0, *size) : "!";
}

TEST(JsonCheck, KeepsNumbersAndOrder) {
    JsonCheck check;
    EXPECT_EQ(compacted(check, " [ 1.10 , 1e400000 ] "), "!");
    EXPECT_EQ(compacted(check, "{ \"b\" : 1.10, \"a\" : \"x y\" }"), "{\"b\":1.10,\"a\":\"x y\"}");
    for (const char* text : {"", "{", "[1,]", "1 2", "nul", "\"a", "{\"a\":1}}"})
        EXPECT_EQ(compacted(check, text), "!") << text;
    EXPECT_EQ(compacted(check, std::string(5000, '[') + std::string(5000, ']')), "!");
    EXPECT_EQ(compacted(check, "null"), "null");
}

}  // namespace
}  // namespace yimen::sync
