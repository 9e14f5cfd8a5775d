#pragma once

#include <optional>

namespace yimen::sync::mapping {

/// A place in degrees: CGCS2000, which is WGS 84 to within centimetres.
struct LngLat {
    double lng = 0;
    double lat = 0;
};

enum class CoordinateKind {
    kCgcs2000,  ///< as it is
    kGcj02,     ///< the shifted degrees of Chinese maps
    kLocal      ///< metres of a local grid
};

/// A local grid: a similarity of four parameters from its (east, north) to a Gauss-Krueger plane of CGCS2000.
/// East = dx + scale * (x cos r - y sin r), North = dy + scale * (x sin r + y cos r).
struct LocalGrid {
    double dx = 0;        ///< metres
    double dy = 0;        ///< metres
    double rotation = 0;  ///< r, degrees, counter-clockwise
    double scale = 1;
    double meridian = 123;       ///< central meridian of the plane, degrees
    double falseEast = 500'000;  ///< metres
};

/// Inside the area in which maps are shifted; outside it GCJ-02 is WGS 84.
bool inShiftedArea(LngLat at) noexcept;
/// The public approximation of the shift.
LngLat toGcj02(LngLat at) noexcept;
/// The place whose shifted form is `at`, to less than 1e-9 degrees of the forward form, by iteration.
LngLat fromGcj02(LngLat at) noexcept;

/// Gauss-Krueger on the CGCS2000 ellipsoid (a = 6378137 m, f = 1/298.257222101), by the series of Krueger, better than
/// a millimetre within 5 degrees of the meridian. `east` carries the false easting.
LngLat fromPlane(double east, double north, const LocalGrid& grid) noexcept;
/// East and north as lng and lat of the answer.
LngLat toPlane(LngLat at, const LocalGrid& grid) noexcept;

/// Degrees of CGCS2000 for a pair as the source writes it (lng or x, lat or y); nothing when it is no place on earth.
std::optional<LngLat> toCgcs2000(LngLat given, CoordinateKind kind, const LocalGrid& grid) noexcept;

}  // namespace yimen::sync::mapping
