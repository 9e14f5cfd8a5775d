#include "sync/mapping/field_spec.h"

#include <gmock/gmock.h>

namespace yimen::sync::mapping {
namespace {

std::string faultsOf(const std::string& field) {
    const auto document = config::YamlDocument::parse("- {to: k, from: k, key: true}\n- {" + field + "}\n", "f");
    EXPECT_TRUE(document.ok());
    config::YamlErrors errors;
    readFields(document->root(), false, errors);
    return errors.empty() ? std::string() : errors.status().error().message;
}

TEST(FieldSpec, RefusesDeclarationsThatContradictThemselves) {
    using testing::HasSubstr;
    EXPECT_EQ(faultsOf("to: a, from: a"), "");
    EXPECT_THAT(faultsOf("to: a, from: a, unknown: keep"), HasSubstr("needs code"));
    EXPECT_THAT(faultsOf("to: a, from: a, check: id_card, type: integer"), HasSubstr("is for type text"));
    EXPECT_THAT(faultsOf("to: a, from: a, mask: name, type: date"), HasSubstr("is for type text"));
    EXPECT_THAT(faultsOf("to: a, from: a, mask: name, key: true"), HasSubstr("would make different keys equal"));
    EXPECT_THAT(faultsOf("to: a, from: a, date: [iso]"), HasSubstr("is for type date"));
    EXPECT_THAT(faultsOf("to: a, from: a, type: date, date: iso"), HasSubstr("is a list"));
    EXPECT_THAT(faultsOf("to: a, from: a, type: decimal, scale: 0"), HasSubstr("a factor other than 0"));
    EXPECT_THAT(faultsOf("to: a, from: a, type: decimal, coordinate: {from: gcj02, lat: b}"),
                HasSubstr("the latitude"));
    EXPECT_THAT(faultsOf("to: a, from: a, type: decimal, coordinate: {from: local, lat: b}"),
                HasSubstr("'meridian' is missing"));
    EXPECT_THAT(faultsOf("to: a, join: {from: []}"), HasSubstr("name the columns"));
    EXPECT_THAT(faultsOf("to: a, split: {from: b, by: x, part: 0}"), HasSubstr("'part'"));
    EXPECT_THAT(faultsOf("to: 1a, from: a"), HasSubstr("is a column of the shared database"));
}

TEST(FieldSpec, KeepsTheDigitsOfANumber) {
    const auto document = config::YamlDocument::parse("[0.0001, 1000, 0.1]", "f");
    config::YamlErrors errors;
    EXPECT_EQ(numberText(document->root().at(0), errors), "0.0001");
    EXPECT_EQ(numberText(document->root().at(1), errors), "1000");
    EXPECT_EQ(numberText(document->root().at(2), errors), "0.1");
}

}  // namespace
}  // namespace yimen::sync::mapping
