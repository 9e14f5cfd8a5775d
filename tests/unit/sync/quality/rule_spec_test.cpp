#include "sync/quality/rule_spec.h"

#include <gmock/gmock.h>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync::quality {
namespace {

using testing::HasSubstr;

std::string faultOf(const std::string& rule) {
    DataFolder folder;
    folder.write("data.yaml",
                 dataYaml("      - {to: id, from: a, key: true}\n      - {to: n, from: b, type: integer}\n",
                          "    quality:\n      - {" + rule + "}\n"));
    const auto read = readSystemData(folder.path());
    return read.ok() ? std::string() : read.error().message;
}

TEST(RuleSpec, IsReadWithItsFaultsAndTheirPlaces) {
    EXPECT_EQ(faultOf("rule: range, field: n, min: 0"), "");
    EXPECT_EQ(faultOf("rule: rows, min_share: 80%, max_share: 120%, severity: stop"), "");
    EXPECT_THAT(faultOf("rule: rnage, field: n"), HasSubstr("data.yaml:9:16: 'rnage' is not one of"));
    EXPECT_THAT(faultOf("rule: range, field: m, min: 0"), HasSubstr("no field 'm'"));
    EXPECT_THAT(faultOf("rule: range, field: id, min: 0"), HasSubstr("range is for fields of type"));
    EXPECT_THAT(faultOf("rule: range, field: n"), HasSubstr("needs min or max"));
    EXPECT_THAT(faultOf("rule: range, field: n, min: soon"), HasSubstr("is a number"));
    EXPECT_THAT(faultOf("rule: range, field: n, min: 0, mx: 9"), HasSubstr("unknown key 'mx'"));
    EXPECT_THAT(faultOf("rule: pattern, field: n, pattern: \"[a\""), HasSubstr("is no Lua pattern"));
    EXPECT_THAT(faultOf("rule: code, field: n, table: t"), HasSubstr("codes has no table 't'"));
    EXPECT_THAT(faultOf("rule: date_not_future, field: n"), HasSubstr("date and datetime"));
    EXPECT_THAT(faultOf("rule: rows, min_share: many"), HasSubstr("a share like 80%"));
    EXPECT_THAT(faultOf("rule: rows, severity: reject"), HasSubstr("warn or stop"));
    EXPECT_THAT(faultOf("rule: length, field: id, max: 3, severity: fix"), HasSubstr("a key is not mended"));
    EXPECT_THAT(faultOf("rule: required, field: n, severity: fix"), HasSubstr("nothing to put in its place"));
    EXPECT_THAT(faultOf("rule: range, field: n, min: 0, with: \"1\""), HasSubstr("goes with severity: fix"));
    EXPECT_THAT(faultOf("rule: header"), HasSubstr("header needs columns"));
    EXPECT_THAT(faultOf("field: n"), HasSubstr("the key 'rule' is missing"));
}

}  // namespace
}  // namespace yimen::sync::quality
