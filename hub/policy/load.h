#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "policy/engine.h"
#include "policy/lint.h"

namespace yimen::policy {

/// What an engine is made of.
struct EngineSources {
    std::string folder;  ///< of the rule files
    std::vector<SystemInfo> systems;
    /// Networks of this site by zone name, from the configuration: they replace the ranges in the rule files.
    std::map<std::string, std::vector<std::string>> zones;
};

/// Reads, builds and lints. An error of any of the three refuses the whole, so that a reload keeps the engine it had;
/// warnings go to the log as policy.lint. `clock` (for Lua budgets) must outlive the engine. Blocking.
core::Result<std::shared_ptr<const PolicyEngine>> loadEngine(EngineSources sources, const core::Clock& clock);

}  // namespace yimen::policy
