#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/yaml.h"
#include "sync/mapping/text_arena.h"

namespace yimen::sync::mapping {

/// Texts by text, found without allocation. Immutable after construction; any thread. Views live as long as the table.
class CodeTable {
public:
    explicit CodeTable(const std::vector<std::pair<std::string, std::string>>& entries);
    CodeTable(CodeTable&&) = default;
    CodeTable& operator=(CodeTable&&) = default;
    CodeTable(const CodeTable&) = delete;
    CodeTable& operator=(const CodeTable&) = delete;
    ~CodeTable() = default;
    /// A null cell for a code the table does not have.
    CellText find(std::string_view code) const noexcept;
    std::size_t size() const noexcept { return entries_; }

private:
    struct Slot {
        std::string_view code = kNullCell;
        std::string_view meaning;
    };
    std::string texts_;
    std::vector<Slot> slots_;  ///< power of two, half empty, linear probing
    std::size_t entries_ = 0;
};

/// A table of `codes:` as written: one version, or several by the day they begin.
struct CodeTableSpec {
    struct Version {
        std::int64_t fromDay = 0;  ///< days since 1970; the first version of a table without dates: the beginning
        std::vector<std::pair<std::string, std::string>> entries;
    };
    std::string name;
    std::vector<Version> versions;  ///< by day

    /// What holds on `day`: versions in force by then, a later one over an earlier one, so that records made under an
    /// older version are still understood.
    std::vector<std::pair<std::string, std::string>> on(std::int64_t day) const;
};

/// `codes:` of a data.yaml: name to {code: meaning}, or to a list of {from: date, values: {code: meaning}}.
std::vector<CodeTableSpec> readCodeTables(const config::YamlNode& codes, config::YamlErrors& errors);

}  // namespace yimen::sync::mapping
