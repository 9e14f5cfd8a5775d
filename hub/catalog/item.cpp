#include "catalog/item.h"

#include <array>
#include <utility>

namespace yimen::catalog {

std::string_view toString(ShareType share) noexcept {
    switch (share) {
        case ShareType::kUnconditional:
            return "unconditional";
        case ShareType::kConditional:
            return "conditional";
        case ShareType::kNone:
            return "none";
    }
    return "none";
}

std::string_view toString(Personal personal) noexcept {
    switch (personal) {
        case Personal::kNone:
            return "none";
        case Personal::kPersonal:
            return "personal";
        case Personal::kSensitive:
            return "sensitive_personal";
    }
    return "sensitive_personal";
}

std::optional<std::chrono::hours> latestAge(std::string_view cycle) noexcept {
    using std::chrono::hours;
    constexpr std::array<std::pair<std::string_view, hours>, 7> kAges{{{"实时", hours(1)},
                                                                       {"每小时", hours(2)},
                                                                       {"每日", hours(36)},
                                                                       {"每周", hours(7 * 36)},
                                                                       {"每月", hours(31 * 36)},
                                                                       {"每季度", hours(92 * 36)},
                                                                       {"每年", hours(366 * 36)}}};
    for (const auto& [name, age] : kAges) {
        if (name == cycle) return age;
    }
    return std::nullopt;
}

}  // namespace yimen::catalog
