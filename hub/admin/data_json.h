#pragma once

#include <cstdint>

#include "admin/api.h"
#include "core/clock.h"
#include "sync/counters.h"

namespace yimen::admin {

/// ms since 1970 as RFC 3339, or null for 0.
inline core::Json timeOfMs(std::int64_t ms) {
    return ms == 0 ? core::Json(nullptr) : timeOrNull(core::fromUnixMicros(ms * 1000));
}

inline core::Json countersJson(const sync::Counters& counters) {
    return {{"read", counters.read},           {"inserted", counters.inserted}, {"updated", counters.updated},
            {"unchanged", counters.unchanged}, {"rejected", counters.rejected}, {"deduped", counters.deduped},
            {"deleted", counters.deleted},     {"removed", counters.removed}};
}

}  // namespace yimen::admin
