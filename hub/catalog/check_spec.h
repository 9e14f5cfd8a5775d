#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/share_terms.h"
#include "core/result.h"
#include "sync/item_spec.h"

namespace yimen::catalog {

/// A record that a finding stands on: named by columns of the question, so that its way back to the source can be
/// shown.
struct CheckRecord {
    std::string item;
    std::map<std::string, std::string> key;  ///< key field of the item -> column of the question
    std::string batch;                       ///< column with the row's _batch; empty: no lineage
};

/// A rule over several items: `policies/checks/<name>.yaml`. A value; immutable once read.
struct CheckSpec {
    std::string name;
    std::string code;  ///< the district's own, R001
    std::string titleZh;
    std::string titleEn;
    std::string severity;            ///< red, yellow
    std::vector<std::string> items;  ///< all have to be supplied
    sync::Schedule schedule;
    std::chrono::milliseconds time{10'000};
    std::size_t rows = 1'000;
    std::vector<std::string> columns;
    std::map<std::string, std::string> sql;  ///< by dialect; "" for all; {CODE} is the table of an item
    std::string script;                      ///< Lua that decides about the rows; empty: every row is a finding
    std::string scriptName;
    std::vector<std::string> subject;  ///< columns that name the case
    std::string messageZh;             ///< {column} is its (masked) value
    std::string messageEn;
    std::map<std::string, Mask> masks;  ///< of columns, wherever they are shown
    std::vector<CheckRecord> records;
};

/// All checks of a folder, by name. The error lists every fault of every file with file:line:column. A folder that is
/// not there has none.
core::Result<std::vector<CheckSpec>> readChecks(const std::string& folder);

}  // namespace yimen::catalog
