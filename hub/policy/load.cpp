#include "policy/load.h"

#include "core/log.h"
#include "policy/lua_condition.h"

namespace yimen::policy {

core::Result<std::shared_ptr<const PolicyEngine>> loadEngine(EngineSources sources, const core::Clock& clock) {
    RuleSources rules = luaSources(clock);
    rules.zones = std::move(sources.zones);
    YIMEN_TRY(auto loaded, loadRules(sources.folder, rules));
    auto engine = PolicyEngine::build(std::move(loaded), std::move(sources.systems));
    std::string errors;
    for (const Finding& finding : lint(*engine)) {
        const std::string line = finding.where + ": " + finding.rule + ": " + finding.message;
        if (finding.severity == Severity::kError) {
            errors += (errors.empty() ? "" : "\n") + line;
        } else {
            core::logWarn("policy.lint", {{"finding", line}});
        }
    }
    if (!errors.empty()) return core::makeError(core::ErrorCode::kInvalidInput, errors);
    return engine;
}

}  // namespace yimen::policy
