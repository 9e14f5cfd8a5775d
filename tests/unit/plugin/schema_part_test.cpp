#include "plugin/schema_part.h"

#include <gtest/gtest.h>

namespace yimen::plugin {
namespace {

bool isGood(const char* json) {
    return parseSchemaPart(*core::parseJson(json), "$", 0).ok();
}

TEST(SchemaPart, RefusesWhatItDoesNotKnow) {
    EXPECT_TRUE(isGood(R"({"type": "string", "enum": ["a"], "default": "a", "description": "x"})"));
    EXPECT_FALSE(isGood(R"({"type": "text"})"));
    EXPECT_FALSE(isGood(R"({"minimum": 1})"));
    EXPECT_FALSE(isGood(R"({"type": "string", "pattern": "a+"})"));
    EXPECT_FALSE(isGood(R"({"type": "string", "minimum": 1})"));
    EXPECT_FALSE(isGood(R"({"type": "integer", "secret": true})"));
    EXPECT_FALSE(isGood(R"({"type": "string", "enum": [1]})"));
    EXPECT_FALSE(isGood(R"({"type": "string", "minLength": -1})"));
}

TEST(SchemaPart, RefusesDefaultsOfAnotherType) {
    EXPECT_FALSE(isGood(R"({"type": "integer", "default": "1"})"));
    EXPECT_FALSE(isGood(R"({"type": "integer", "default": 1.5})"));
    EXPECT_FALSE(isGood(R"({"type": "boolean", "default": 1})"));
    EXPECT_TRUE(isGood(R"({"type": "duration", "default": 1000})"));
}

TEST(SchemaPart, RefusesRequiredKeysThatItDoesNotHave) {
    EXPECT_FALSE(isGood(R"({"type": "object", "required": ["a"], "properties": {"b": {"type": "string"}}})"));
    EXPECT_FALSE(isGood(R"({"type": "array"})"));
    EXPECT_FALSE(isGood(R"({"type": "array", "items": {"type": "string", "secret": true}})"));
}

TEST(SchemaPart, RefusesWhatIsNestedTooDeeply) {
    std::string json = R"({"type": "string"})";
    for (int i = 0; i < 20; ++i) json = R"({"type": "array", "items": )" + json + "}";
    EXPECT_FALSE(isGood(json.c_str()));
}

}  // namespace
}  // namespace yimen::plugin
