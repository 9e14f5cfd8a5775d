#pragma once

#include "sync/quality/checks.h"

namespace yimen::sync::quality {

/// The rules that ask the shared database, once per batch. `parts.lookup` may be null for `unique` alone.
std::unique_ptr<RuleSet::Check> uniqueCheck(const RuleSpec& rule, const RuleSet::Parts& parts);
std::unique_ptr<RuleSet::Check> referenceCheck(const RuleSpec& rule, const RuleSet::Parts& parts);

}  // namespace yimen::sync::quality
