#include "sync/mapping/place_step.h"

#include <array>
#include <charconv>

#include "sync/mapping/messages.h"

namespace yimen::sync::mapping {

namespace {

double numberOf(CellText text) noexcept {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

CellText degrees(double value, TextArena& arena) {
    constexpr int kPlaces = 7;
    std::array<char, 32> out{};
    const auto end = std::to_chars(out.data(), out.data() + out.size(), value, std::chars_format::fixed, kPlaces).ptr;
    const auto made = canonicalDecimal({out.data(), static_cast<std::size_t>(end - out.data())}, {}, arena);
    // A short whole number comes back as the view that went in, which dies here.
    return arena.copy(made.text);
}

class PlaceStep final : public Step {
public:
    PlaceStep(const std::vector<FieldSpec>& fields, std::size_t lng, std::size_t lat)
        : spec_(fields[lng]), lng_(lng), lat_(lat) {}

    void run(Block& block, std::size_t) override {
        const auto lngs = block.column(lng_);
        const auto lats = block.column(lat_);
        for (std::size_t row = 0; row < block.count; ++row) {
            if (isNullCell(lngs[row]) || isNullCell(lats[row])) {
                lngs[row] = lats[row] = kNullCell;
                continue;
            }
            const auto& how = *spec_.coordinate;
            const auto place = toCgcs2000({numberOf(lngs[row]), numberOf(lats[row])}, how.kind, how.grid);
            if (!place) {
                constexpr FaultText kText{"coordinate", "坐标不在地球上；核对经纬度先后与坐标系",
                                          "no place on earth; check the order of longitude and latitude, and the grid"};
                block.reject(row, spec_.field.name, kText.rule, faultMessage(spec_, kText, lngs[row]));
                lngs[row] = lats[row] = kNullCell;
                continue;
            }
            if (how.kind == CoordinateKind::kCgcs2000) continue;
            lngs[row] = degrees(place->lng, block.arena);
            lats[row] = degrees(place->lat, block.arena);
        }
    }

private:
    const FieldSpec& spec_;
    std::size_t lng_;
    std::size_t lat_;
};

}  // namespace

std::unique_ptr<Step> placeStep(const std::vector<FieldSpec>& fields, std::size_t lng) {
    std::size_t lat = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].field.name == fields[lng].coordinate->partner) lat = i;
    }
    return std::make_unique<PlaceStep>(fields, lng, lat);
}

}  // namespace yimen::sync::mapping
