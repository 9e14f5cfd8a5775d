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
    PlaceStep(const std::vector<FieldSpec>& fields, std::size_t lng, std::size_t lat, std::optional<std::size_t> when)
        : spec_(fields[lng]), lng_(lng), lat_(lat), when_(when) {}

    void run(Block& block, std::size_t) override {
        const auto lngs = block.column(lng_);
        const auto lats = block.column(lat_);
        for (std::size_t row = 0; row < block.count; ++row) {
            if (isNullCell(lngs[row]) || isNullCell(lats[row])) {
                lngs[row] = lats[row] = kNullCell;
                continue;
            }
            const auto& how = *spec_.coordinate;
            const CoordinateKind kind = concerns(block, row) ? how.kind : CoordinateKind::kCgcs2000;
            const auto place = toCgcs2000({numberOf(lngs[row]), numberOf(lats[row])}, kind, how.grid);
            if (!place) {
                constexpr FaultText kText{"coordinate", "坐标不在地球上；核对经纬度先后与坐标系",
                                          "no place on earth; check the order of longitude and latitude, and the grid"};
                block.reject(row, spec_.field.name, kText.rule, faultMessage(spec_, kText, lngs[row]));
                lngs[row] = lats[row] = kNullCell;
                continue;
            }
            if (kind == CoordinateKind::kCgcs2000) continue;
            lngs[row] = degrees(place->lng, block.arena);
            lats[row] = degrees(place->lat, block.arena);
        }
    }

private:
    bool concerns(Block& block, std::size_t row) const {
        if (!when_) return true;
        const CellText cell = block.column(*when_)[row];
        return !isNullCell(cell) && cell == spec_.coordinate->whenIs;
    }

    const FieldSpec& spec_;
    std::size_t lng_;
    std::size_t lat_;
    std::optional<std::size_t> when_;
};

std::size_t numberOfField(const std::vector<FieldSpec>& fields, const std::string& name) {
    std::size_t number = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].field.name == name) number = i;
    }
    return number;
}

}  // namespace

std::unique_ptr<Step> placeStep(const std::vector<FieldSpec>& fields, std::size_t lng) {
    const CoordinateSpec& how = *fields[lng].coordinate;
    std::optional<std::size_t> when;
    if (!how.whenField.empty()) when = numberOfField(fields, how.whenField);
    return std::make_unique<PlaceStep>(fields, lng, numberOfField(fields, how.partner), when);
}

}  // namespace yimen::sync::mapping
