#include "sync/mapping/coordinates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace yimen::sync::mapping {
namespace {

TEST(Coordinates, UndoTheShiftToAMillionthOfADegree) {
    for (double lng = 73.5; lng < 135; lng += 3.7) {
        for (double lat = 18.2; lat < 53; lat += 2.9) {
            const LngLat back = fromGcj02(toGcj02({lng, lat}));
            ASSERT_NEAR(back.lng, lng, 1e-7);
            ASSERT_NEAR(back.lat, lat, 1e-7);
        }
    }
    const LngLat shifted = toGcj02({121.6147, 38.9140});
    EXPECT_GT(std::hypot(shifted.lng - 121.6147, shifted.lat - 38.9140), 0.001);
    EXPECT_LT(std::hypot(shifted.lng - 121.6147, shifted.lat - 38.9140), 0.01);
}

TEST(Coordinates, LeavePlacesAbroadAlone) {
    EXPECT_EQ(toGcj02({2.35, 48.85}).lng, 2.35);
    EXPECT_EQ(fromGcj02({2.35, 48.85}).lat, 48.85);
}

TEST(Coordinates, GoToThePlaneAndBack) {
    LocalGrid grid;
    grid.meridian = 123;
    for (double lng = 118.5; lng < 127; lng += 0.7) {
        for (double lat = 20; lat < 54; lat += 3.3) {
            const LngLat plane = toPlane({lng, lat}, grid);
            const LngLat back = fromPlane(plane.lng, plane.lat, grid);
            ASSERT_NEAR(back.lng, lng, 1e-9);
            ASSERT_NEAR(back.lat, lat, 1e-9);
        }
    }
    // On the meridian: easting is the false one, northing the length of the meridian arc (quadrant 10001965.7 m).
    EXPECT_NEAR(toPlane({123, 90}, grid).lat, 10'001'965.73, 0.01);
    EXPECT_NEAR(toPlane({123, 45}, grid).lat, 4'984'944.38, 0.01);
    EXPECT_NEAR(toPlane({123, 39}, grid).lng, 500'000, 1e-6);
}

TEST(Coordinates, TakeLocalGridsByFourParameters) {
    LocalGrid grid;
    grid.dx = 400'000;
    grid.dy = 4'300'000;
    grid.rotation = 0.5;
    grid.scale = 1.0001;
    const auto place = toCgcs2000({1000, 2000}, CoordinateKind::kLocal, grid);
    ASSERT_TRUE(place);
    const LngLat plane = toPlane(*place, grid);
    const double r = 0.5 * 3.14159265358979323846 / 180;
    EXPECT_NEAR(plane.lng, 400'000 + 1.0001 * (1000 * std::cos(r) - 2000 * std::sin(r)), 1e-3);
    EXPECT_NEAR(plane.lat, 4'300'000 + 1.0001 * (1000 * std::sin(r) + 2000 * std::cos(r)), 1e-3);
}

TEST(Coordinates, RefuseWhatIsNoPlace) {
    EXPECT_FALSE(toCgcs2000({38.9, 121.6}, CoordinateKind::kGcj02, {}));
    EXPECT_FALSE(toCgcs2000({181, 0}, CoordinateKind::kCgcs2000, {}));
    EXPECT_FALSE(toCgcs2000({std::numeric_limits<double>::infinity(), 0}, CoordinateKind::kLocal, {}));
    EXPECT_TRUE(toCgcs2000({121.6, 38.9}, CoordinateKind::kCgcs2000, {}));
}

}  // namespace
}  // namespace yimen::sync::mapping
