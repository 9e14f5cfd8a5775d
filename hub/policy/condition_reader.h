#pragma once

#include <string>
#include <vector>

#include "config/yaml.h"
#include "policy/rule.h"

namespace yimen::policy {

/// What a matcher may look at while it reads its words. Lives for one loadRules().
struct ReadContext {
    config::YamlErrors& errors;
    const RuleSet& site;  ///< zones, units and roles are known already
    const RuleSources& sources;
    /// The condition takes something away when it holds (a deny rule, or `not` in an allow rule): it then reads a path
    /// as widely as any system behind may (case, ";x=1" tails), so that no spelling slips past it.
    bool takesAway = false;
};

/// One text or a list of texts; notes an error and returns nothing for anything else or for an empty list.
std::vector<std::string> readWords(const config::YamlNode& node, ReadContext& context);

/// A map of conditions (all must hold) or a list of such maps (all must hold). Null after an error was noted.
ConditionPtr readCondition(const config::YamlNode& node, ReadContext& context);

/// The combinators, also used by the reader of `when`.
ConditionPtr makeAll(std::vector<ConditionPtr> parts);
ConditionPtr makeAny(std::vector<ConditionPtr> parts);
ConditionPtr makeNot(ConditionPtr part);

}  // namespace yimen::policy
