#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapter/manifest.h"
#include "core/result.h"
#include "lua/value.h"

namespace yimen::adapter {

/// What a traffic script wants done with one request or answer. A value. Names and values have the form that a message
/// head may hold; which names the script may touch at all is the gateway's reading (gateway/hook_rules.h).
struct HookDecision {
    struct Denial {
        int status = 403;
        BilingualText reason;
    };
    std::vector<std::pair<std::string, std::string>> set;  ///< by name, each name once
    std::vector<std::string> remove;
    std::optional<std::string> query;  ///< replaces the request's; without '?', empty: none
    std::optional<Denial> deny;

    bool empty() const noexcept { return set.empty() && remove.empty() && !query && !deny; }
    /// True when the script sets or removes a field of that name (case ignored).
    bool touches(std::string_view name) const noexcept;
};

/// Bounds on what one decision may hold. Passing one is an error of the script.
struct HookBounds {
    static constexpr std::size_t kMaxFields = 32;  ///< set and removed, each
    static constexpr std::size_t kMaxNameBytes = 64;
    static constexpr std::size_t kMaxValueBytes = 4096;
    static constexpr std::size_t kMaxTotalBytes = 8192;  ///< all names and values together
    static constexpr std::size_t kMaxQueryBytes = 4096;
    static constexpr std::size_t kMaxReasonBytes = 500;  ///< in each language
};

/// Reads what a script returned: nil, or a table of `set` {name = value}, `remove` {names}, `query` (requests only) and
/// `deny` {status = 400..499 or 503, zh = , en = }. kInvalidInput says what is wrong with it; nothing is repaired.
core::Result<HookDecision> readDecision(const lua::Value& returned, bool ofRequest);

}  // namespace yimen::adapter
