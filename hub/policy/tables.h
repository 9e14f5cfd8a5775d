#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "policy/engine.h"

namespace yimen::policy {

/// One row of a decision table that came out otherwise.
struct TableFailure {
    std::string where;  ///< file:line:column
    std::string expected;
    std::string got;
    std::string why;  ///< explanation in one sentence
};

struct TableReport {
    std::size_t rows = 0;
    std::vector<TableFailure> failures;
    std::vector<std::string> untestedRules;  ///< ids that no row ended in
};

/// Runs FOLDER/tests/*.yaml against the engine: people described in the tables themselves, rows of
/// {who, system, method, path, zone, time, assurance} -> {effect, rule}.
core::Result<TableReport> runTables(const std::string& folder, const PolicyEngine& engine);

}  // namespace yimen::policy
