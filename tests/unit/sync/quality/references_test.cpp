#include "sync/quality/references.h"

#include <gmock/gmock.h>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync::quality {
namespace {

std::string faultsOf(const std::string& rule) {
    DataFolder folder;
    folder.write("data.yaml", dataYaml("      - {to: id, from: a, key: true}\n      - {to: name, from: b}\n",
                                       "    quality:\n      - {" + rule + "}\n"));
    std::vector<SystemData> systems;
    systems.push_back(readSystemData(folder.path()).value());
    return referenceFaults(systems);
}

TEST(References, NameAnItemAndAFieldThatThereAre) {
    EXPECT_EQ(faultsOf("rule: reference, field: name, item: ZS-T-001, to: id"), "");
    EXPECT_THAT(faultsOf("rule: reference, field: name, item: ZS-T-009, to: id"),
                testing::AllOf(testing::HasSubstr("data.yaml:"), testing::HasSubstr("'ZS-T-009'")));
    EXPECT_THAT(faultsOf("rule: reference, field: name, item: ZS-T-001, to: nix"),
                testing::HasSubstr("no field 'nix'"));
    EXPECT_EQ(faultsOf("rule: required, field: name"), "");
}

}  // namespace
}  // namespace yimen::sync::quality
