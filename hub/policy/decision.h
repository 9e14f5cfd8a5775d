#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yimen::policy {

enum class Effect { kDeny, kAllow, kStepUp };

/// "deny", "allow", "step_up".
std::string_view effectName(Effect effect) noexcept;

/// What an allowed request brings with it.
struct Obligations {
    bool readOnly = false;  ///< only GET and HEAD go through

    friend bool operator==(const Obligations&, const Obligations&) = default;
};

/// The answer. Nothing in it is allocated; `rule` lives as long as the engine that decided.
struct Decision {
    static constexpr std::string_view kDefaultDeny = "default-deny";

    Effect effect = Effect::kDeny;
    std::string_view rule = kDefaultDeny;  ///< id of the deciding rule
    Obligations obligations;
    int neededAssurance = 0;  ///< with kStepUp
    /// With kStepUp: the proof must not be older (RFC 9470 `max_age`); 0: any that still counts.
    std::chrono::seconds maxAge{0};

    bool allowed() const noexcept { return effect == Effect::kAllow; }
};

/// A text in both languages.
struct Wording {
    std::string zh;
    std::string en;
};

Wording wordingOf(std::string text);
/// "a、b" and "a, b".
Wording joinWordings(const std::vector<Wording>& parts);

/// One condition that stands between a person and a system.
struct Unmet {
    Wording condition;  ///< "角色" / "role"
    Wording have;
    Wording need;
};

}  // namespace yimen::policy
