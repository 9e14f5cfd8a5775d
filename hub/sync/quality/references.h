#pragma once

#include <string>
#include <vector>

#include "sync/item_spec.h"

namespace yimen::sync::quality {

/// What is wrong with the rules `reference` of all systems together: an item that no data.yaml supplies, a field that
/// it does not have. One line each, with file:line:column; empty when all is well.
std::string referenceFaults(const std::vector<SystemData>& systems);

}  // namespace yimen::sync::quality
