#include <gmock/gmock.h>

#include "sync/mapping/script.h"
#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync {
namespace {

MapFixture calling(const std::string& script) {
    return MapFixture(
        dataYaml("      - {to: id, from: no, key: true}\n      - {to: name, from: xm}\n", "    script: map.lua\n"),
        {"no", "xm", "rq", "zt"}, script);
}

TEST(ScriptCalls, DoesNotTakeATextOfTheSourceForAColumn) {
    auto f = calling("return {map = function(row) return {name = H.trim(row.xm)} end}");
    ASSERT_TRUE(f.map({{"1",
                        "\x01"
                        "2",
                        "20260630", "1"}})
                    .ok());
    EXPECT_EQ(f.cell(0, 1),
              "\x01"
              "2");
}

TEST(ScriptCalls, SayWhatIsWrongWithTheirArguments) {
    const auto faultOf = [](const std::string& body) {
        auto f = calling("return {map_batch = function(b) return {name = " + body + "} end}");
        const auto done = f.map({{"1", "a", "", ""}});
        return done.ok() ? std::string() : done.error().message;
    };
    EXPECT_THAT(faultOf("H.trim()"), testing::HasSubstr("H.trim: a column is missing"));
    EXPECT_THAT(faultOf("H.trim(b.nix)"), testing::HasSubstr("a column is expected, not nil"));
    EXPECT_THAT(faultOf("H.trim('text')"), testing::HasSubstr("a column is expected, like b.name"));
    EXPECT_EQ(faultOf("H.trim(b.xm)"), "");
}

}  // namespace
}  // namespace yimen::sync
