#include "sync/mapping/place_step.h"

#include <gtest/gtest.h>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync {
namespace {

TEST(PlaceStep, MakesDegreesOfALocalGrid) {
    MapFixture f(
        dataYaml("      - {to: id, from: a, key: true}\n"
                 "      - {to: lng, from: x, type: decimal, coordinate: {from: local, lat: lat, dx: 400000, dy: "
                 "4300000, meridian: 123}}\n"
                 "      - {to: lat, from: y, type: decimal}\n"),
        {"a", "x", "y"});
    ASSERT_TRUE(f.map({{"1", "0", "10000"}, {"2", {}, "1"}}).ok());
    EXPECT_NEAR(std::stod(f.cell(0, 1)), 121.84, 0.02);
    EXPECT_NEAR(std::stod(f.cell(0, 2)), 38.92, 0.02);
    EXPECT_EQ(f.cell(1, 2), "<null>");
}

TEST(PlaceStep, LeavesDegreesOfTheCountryAsTheyAre) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n"
                          "      - {to: lng, from: x, type: decimal, coordinate: {from: cgcs2000, lat: lat}}\n"
                          "      - {to: lat, from: y, type: decimal}\n"),
                 {"a", "x", "y"});
    ASSERT_TRUE(f.map({{"1", "121.6147123456", "38.914"}}).ok());
    EXPECT_EQ(f.cell(0, 1), "121.6147123456");
}

TEST(PlaceStep, ConvertsOnlyRowsThatSayTheyNeedIt) {
    MapFixture f(dataYaml("      - {to: id, from: a, key: true}\n"
                          "      - {to: lng, from: x, type: decimal, coordinate: {from: gcj02, lat: lat, when: "
                          "{field: grid, is: GCJ02}}}\n"
                          "      - {to: lat, from: y, type: decimal}\n"
                          "      - {to: grid, from: g, code: grids}\n",
                          {}, "  grids: {\"1\": WGS84, \"2\": GCJ02}\n"),
                 {"a", "x", "y", "g"});
    ASSERT_TRUE(f.map({{"1", "121.6147", "38.914", "1"}, {"2", "121.6147", "38.914", "2"}}).ok());
    EXPECT_EQ(f.cell(0, 1), "121.6147");
    EXPECT_NEAR(std::stod(f.cell(1, 1)), 121.6095, 0.002);
}

}  // namespace
}  // namespace yimen::sync
