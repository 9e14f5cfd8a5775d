#pragma once

#include <string>
#include <vector>

#include "unit/sync/mapping/map_fixture.h"

namespace yimen::sync::quality {

inline const char* const kFields =
    "      - {to: id, from: a, key: true}\n"
    "      - {to: name, from: b, personal: name}\n"
    "      - {to: area, from: c, type: decimal}\n"
    "      - {to: day, from: d, type: date}\n";
inline const std::vector<std::string> kColumns{"a", "b", "c", "d"};

inline MapFixture withRule(const std::string& rule) {
    return MapFixture(dataYaml(kFields, "    quality:\n      - {" + rule + "}\n", "  known: {x: y}\n"), kColumns);
}

/// Origins of refused rows.
inline std::vector<std::uint64_t> refused(const MapFixture& f) {
    std::vector<std::uint64_t> out;
    for (const auto& reject : f.out.rejected) out.push_back(reject.origin);
    return out;
}

}  // namespace yimen::sync::quality
