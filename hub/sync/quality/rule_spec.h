#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/yaml.h"
#include "sync/mapping/field_spec.h"

namespace yimen::sync::quality {

enum class RuleKind {
    kRequired,
    kLength,
    kPattern,
    kRange,
    kCode,
    kDateNotFuture,
    kReference,
    kUnique,
    kRows,   ///< of a run, looked at when it ends
    kHeader  ///< of the source's columns, looked at when the mapping is compiled
};
std::string_view toString(RuleKind kind) noexcept;

enum class Severity {
    kFix,     ///< the value is replaced and the row goes on; counted
    kWarn,    ///< the row goes on as it is; counted
    kReject,  ///< the row becomes a dead letter
    kStop     ///< the item stops
};
std::string_view toString(Severity severity) noexcept;

/// One entry of `quality:` (adapters/DATA.md). A value; immutable once read.
struct RuleSpec {
    RuleKind kind = RuleKind::kRequired;
    Severity severity = Severity::kReject;
    std::vector<std::size_t> fields;  ///< of the item; several for unique
    std::optional<std::string> min;   ///< range: canonical text of the field's type
    std::optional<std::string> max;
    std::int64_t minLength = 0;  ///< characters
    std::int64_t maxLength = 0;  ///< 0: no upper limit
    std::string pattern;         ///< Lua pattern
    std::string table;           ///< code
    std::string item;            ///< reference
    std::string itemField;
    std::int64_t toleranceMs = 0;      ///< date_not_future: clocks of sources go ahead
    std::optional<std::string> with;   ///< what a fix puts in; nothing: null
    double minShare = 0;               ///< rows, of the count before
    double maxShare = 0;               ///< 0: no upper limit
    std::vector<std::string> columns;  ///< header
    bool exact = false;                ///< header: no other columns
    std::string where;                 ///< file:line:column
};

/// Reads `quality:`; notes every fault. `codes` (may be null) holds the tables that `code` may name.
std::vector<RuleSpec> readRules(const config::YamlNode& quality, const std::vector<mapping::FieldSpec>& fields,
                                const config::YamlNode* codes, config::YamlErrors& errors);

}  // namespace yimen::sync::quality
