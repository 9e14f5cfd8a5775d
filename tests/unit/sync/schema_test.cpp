#include "sync/schema.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace yimen::sync {
namespace {

TEST(Schema, NamesEachTypeBothWays) {
    for (const auto type : {FieldType::kText, FieldType::kInteger, FieldType::kDecimal, FieldType::kBoolean,
                            FieldType::kDate, FieldType::kDateTime, FieldType::kJson}) {
        EXPECT_EQ(fieldTypeOf(toString(type)), type);
    }
    EXPECT_FALSE(fieldTypeOf("varchar").has_value());
}

TEST(Schema, FindsKeysInOrder) {
    Schema schema;
    schema.fields.resize(3);
    for (std::size_t i = 0; i < 3; ++i) schema.fields[i].name = std::string(1, static_cast<char>('a' + i));
    schema.fields[0].key = schema.fields[2].key = true;
    EXPECT_EQ(schema.keys(), (std::vector<std::size_t>{0, 2}));
    EXPECT_EQ(schema.find("b"), 1U);
    EXPECT_FALSE(schema.find("d").has_value());
}

}  // namespace
}  // namespace yimen::sync
