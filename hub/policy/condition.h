#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/decision.h"
#include "policy/explanation.h"
#include "policy/types.h"

namespace yimen::policy {

/// Three-valued, because the portal asks before path, place and time are known.
enum class Truth { kNo, kYes, kUnknown };

inline Truth truthOf(bool value) noexcept {
    return value ? Truth::kYes : Truth::kNo;
}

/// What a condition looks at. References: all must outlive the call.
struct Query {
    const Subject& subject;
    const Resource& resource;
    const SystemInfo& system;
    const Environment* environment = nullptr;  ///< none: not known yet
    std::string_view zone;                     ///< of environment->client
};

/// One condition of a rule. Immutable, thread-safe. Implementations: matchers/, one file each, and all/any/not.
class Condition {
public:
    virtual ~Condition() = default;

    /// Loop thread: no allocation, no I/O.
    virtual Truth holds(const Query& query) const noexcept = 0;
    /// Adds what stands in the way of the condition being `wanted`; called when it is not.
    virtual void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const = 0;
    /// Adds single changes that would make the condition `wanted`, likeliest first; may add none.
    virtual void propose(const Query& query, bool wanted, std::vector<Change>& out) const = 0;
    /// One text for equal conditions, for the linter: "role=clerk|leader".
    virtual std::string fingerprint() const = 0;
    /// Why it can never hold, or "" (an empty time window, a contradiction).
    virtual std::string impossible() const { return {}; }
};

using ConditionPtr = std::unique_ptr<const Condition>;

}  // namespace yimen::policy
