#pragma once

#include <string>
#include <vector>

#include "policy/engine.h"

namespace yimen::policy {

enum class Severity { kWarning, kError };

/// One thing wrong with a rule set. `where` is file:line:column.
struct Finding {
    Severity severity = Severity::kWarning;
    std::string where;
    std::string rule;
    std::string message;
};

/// Rules that an earlier one always answers, rules that can never match, names nobody knows (system, role, zone), and,
/// as errors, rules that would lock every administrator out of the hub itself.
std::vector<Finding> lint(const PolicyEngine& engine);

}  // namespace yimen::policy
