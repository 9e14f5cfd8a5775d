#pragma once

#include "core/clock.h"
#include "policy/rule.h"

namespace yimen::policy {

/// Conditions in Lua: the body of `function(subject, request)`. `subject` has username, roles, assurance, posts (each
/// org, title, roles); `request` has system, method, path, zone, time (seconds since 1970). Each call has a budget of
/// kLuaInstructions; a script that fails or passes it makes the condition unknown: deny rules then match, others do
/// not.
inline constexpr std::int64_t kLuaInstructions = 10'000;

/// Sources that compile Lua. `clock` must outlive every engine built with them.
RuleSources luaSources(const core::Clock& clock);

}  // namespace yimen::policy
