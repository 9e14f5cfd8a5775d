#pragma once

#include "sync/mapping/steps.h"

namespace yimen::sync::mapping {

/// Turns the pair of decimals (field `lng` and the partner it names) into degrees of CGCS2000 with seven digits behind
/// the point, about a centimetre. A pair of which one half is missing becomes null. `fields` outlives it.
std::unique_ptr<Step> placeStep(const std::vector<FieldSpec>& fields, std::size_t lng);

}  // namespace yimen::sync::mapping
