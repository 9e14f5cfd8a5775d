#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sync/quality/rules.h"

namespace yimen::sync::quality {

/// One rule, compiled: marks the rows of a block that break it. One thread.
class RuleSet::Check {
public:
    virtual ~Check() = default;
    /// A new batch begins.
    virtual void begin() {}
    /// Sets `bad` of rows that break the rule; what it says of rows that are refused already does not matter.
    virtual core::Status mark(const mapping::Block& block, std::vector<std::uint8_t>& bad) = 0;
    /// A row of the batch that breaks the rule, with the value that does.
    struct Hit {
        std::uint32_t row = 0;
        std::string value;
    };
    /// Asked once when the whole batch has been marked: the rows about which the shared database had to be asked.
    virtual core::Result<std::vector<Hit>> settle() { return std::vector<Hit>(); }
    /// What a fix puts in place of a bad value.
    virtual mapping::CellText mended(mapping::CellText bad) const = 0;
};

/// Knows the rule's first field and what a fix puts in.
class FieldCheck : public RuleSet::Check {
public:
    explicit FieldCheck(const RuleSpec& rule) : rule_(rule), field_(rule.fields[0]) {}
    mapping::CellText mended(mapping::CellText) const override {
        if (!rule_.with) return mapping::kNullCell;
        return rule_.with->empty() ? mapping::kEmptyCell : mapping::CellText(*rule_.with);
    }

protected:
    const RuleSpec& rule_;
    std::size_t field_;
};

/// Null for rules of a whole run. `rule` and what `parts` names outlive it.
std::unique_ptr<RuleSet::Check> makeCheck(const RuleSpec& rule, const RuleSet::Parts& parts);

/// What is wrong with the columns of a source; empty when they are as `rule` says.
std::string headerFault(const RuleSpec& rule, const std::vector<SourceField>& columns);

}  // namespace yimen::sync::quality
