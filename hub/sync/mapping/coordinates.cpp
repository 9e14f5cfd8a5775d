#include "sync/mapping/coordinates.h"

#include <array>
#include <cmath>
#include <numbers>

namespace yimen::sync::mapping {

namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kDegree = kPi / 180;

double shiftLat(double x, double y) noexcept {
    double out = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::fabs(x));
    out += (20.0 * std::sin(6.0 * x * kPi) + 20.0 * std::sin(2.0 * x * kPi)) * 2.0 / 3.0;
    out += (20.0 * std::sin(y * kPi) + 40.0 * std::sin(y / 3.0 * kPi)) * 2.0 / 3.0;
    return out + (160.0 * std::sin(y / 12.0 * kPi) + 320 * std::sin(y * kPi / 30.0)) * 2.0 / 3.0;
}

double shiftLng(double x, double y) noexcept {
    double out = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::fabs(x));
    out += (20.0 * std::sin(6.0 * x * kPi) + 20.0 * std::sin(2.0 * x * kPi)) * 2.0 / 3.0;
    out += (20.0 * std::sin(x * kPi) + 40.0 * std::sin(x / 3.0 * kPi)) * 2.0 / 3.0;
    return out + (150.0 * std::sin(x / 12.0 * kPi) + 300.0 * std::sin(x / 30.0 * kPi)) * 2.0 / 3.0;
}

// CGCS2000, GB 22021.
constexpr double kAxis = 6'378'137.0;
constexpr double kFlattening = 1 / 298.257222101;
constexpr double kThird = kFlattening / (2 - kFlattening);

/// Radius of the rectifying sphere and the series of Krueger (1912) to the fourth power of the third flattening.
constexpr double kRadius = kAxis / (1 + kThird) * (1 + kThird * kThird / 4 + kThird * kThird * kThird * kThird / 64);
constexpr double kN = kThird;  // as the series write it
constexpr std::array<double, 4> kAlpha{kN / 2 - 2 * kN * kN / 3 + 5 * kN * kN * kN / 16 + 41 * kN * kN * kN * kN / 180,
                                       13 * kN* kN / 48 - 3 * kN* kN* kN / 5 + 557 * kN* kN* kN* kN / 1440,
                                       61 * kN* kN* kN / 240 - 103 * kN* kN* kN* kN / 140,
                                       49561 * kN* kN* kN* kN / 161280};
constexpr std::array<double, 4> kBeta{kN / 2 - 2 * kN * kN / 3 + 37 * kN * kN * kN / 96 - kN * kN * kN * kN / 360,
                                      kN* kN / 48 + kN* kN* kN / 15 - 437 * kN* kN* kN* kN / 1440,
                                      17 * kN* kN* kN / 480 - 37 * kN* kN* kN* kN / 840,
                                      4397 * kN* kN* kN* kN / 161280};

double eccentricity() noexcept {
    return std::sqrt(kFlattening * (2 - kFlattening));
}

}  // namespace

bool inShiftedArea(LngLat at) noexcept {
    return at.lng >= 72.004 && at.lng <= 137.8347 && at.lat >= 0.8293 && at.lat <= 55.8271;
}

LngLat toGcj02(LngLat at) noexcept {
    if (!inShiftedArea(at)) return at;
    // Krassovsky's ellipsoid, as the published approximation uses it.
    constexpr double kKrassovskyAxis = 6'378'245.0;
    constexpr double kKrassovskySquare = 0.00669342162296594323;
    const double radians = at.lat * kDegree;
    const double magic = 1 - kKrassovskySquare * std::sin(radians) * std::sin(radians);
    const double root = std::sqrt(magic);
    const double north = shiftLat(at.lng - 105.0, at.lat - 35.0) * 180.0 /
                         ((kKrassovskyAxis * (1 - kKrassovskySquare)) / (magic * root) * kPi);
    const double east =
        shiftLng(at.lng - 105.0, at.lat - 35.0) * 180.0 / (kKrassovskyAxis / root * std::cos(radians) * kPi);
    return {at.lng + east, at.lat + north};
}

LngLat fromGcj02(LngLat at) noexcept {
    if (!inShiftedArea(at)) return at;
    LngLat guess = at;
    constexpr int kMaxRounds = 30;
    for (int i = 0; i < kMaxRounds; ++i) {
        const LngLat there = toGcj02(guess);
        const double east = at.lng - there.lng;
        const double north = at.lat - there.lat;
        guess = {guess.lng + east, guess.lat + north};
        if (std::fabs(east) < 1e-10 && std::fabs(north) < 1e-10) break;
    }
    return guess;
}

LngLat fromPlane(double east, double north, const LocalGrid& grid) noexcept {
    const double xi = north / kRadius;
    const double eta = (east - grid.falseEast) / kRadius;
    double xiSphere = xi;
    double etaSphere = eta;
    for (std::size_t j = 0; j < kBeta.size(); ++j) {
        const double k = 2 * static_cast<double>(j + 1);
        xiSphere -= kBeta[j] * std::sin(k * xi) * std::cosh(k * eta);
        etaSphere -= kBeta[j] * std::cos(k * xi) * std::sinh(k * eta);
    }
    const double conformal = std::asin(std::sin(xiSphere) / std::cosh(etaSphere));
    // Conformal to geodetic latitude by Newton's rule on the isometric latitude.
    const double e = eccentricity();
    const double isometric = std::asinh(std::tan(conformal));
    double lat = conformal;
    for (int i = 0; i < 6; ++i) {
        lat = std::asin(std::tanh(isometric + e * std::atanh(e * std::sin(lat))));
    }
    return {grid.meridian + std::atan2(std::sinh(etaSphere), std::cos(xiSphere)) / kDegree, lat / kDegree};
}

LngLat toPlane(LngLat at, const LocalGrid& grid) noexcept {
    const double e = eccentricity();
    const double lat = at.lat * kDegree;
    const double lng = (at.lng - grid.meridian) * kDegree;
    const double t = std::sinh(std::atanh(std::sin(lat)) - e * std::atanh(e * std::sin(lat)));
    const double xiSphere = std::atan2(t, std::cos(lng));
    const double etaSphere = std::asinh(std::sin(lng) / std::sqrt(t * t + std::cos(lng) * std::cos(lng)));
    double xi = xiSphere;
    double eta = etaSphere;
    for (std::size_t j = 0; j < kAlpha.size(); ++j) {
        const double k = 2 * static_cast<double>(j + 1);
        xi += kAlpha[j] * std::sin(k * xiSphere) * std::cosh(k * etaSphere);
        eta += kAlpha[j] * std::cos(k * xiSphere) * std::sinh(k * etaSphere);
    }
    return {grid.falseEast + kRadius * eta, kRadius * xi};
}

std::optional<LngLat> toCgcs2000(LngLat given, CoordinateKind kind, const LocalGrid& grid) noexcept {
    LngLat out = given;
    if (!std::isfinite(given.lng) || !std::isfinite(given.lat)) return std::nullopt;
    if (kind == CoordinateKind::kLocal) {
        const double cosine = grid.scale * std::cos(grid.rotation * kDegree);
        const double sine = grid.scale * std::sin(grid.rotation * kDegree);
        out = fromPlane(grid.dx + given.lng * cosine - given.lat * sine,
                        grid.dy + given.lng * sine + given.lat * cosine, grid);
    }
    const bool onEarth = std::fabs(out.lng) <= 180 && std::fabs(out.lat) <= 90;
    if (!onEarth) return std::nullopt;
    if (kind == CoordinateKind::kGcj02) out = fromGcj02(out);
    return out;
}

}  // namespace yimen::sync::mapping
