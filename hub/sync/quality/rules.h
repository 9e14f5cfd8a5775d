#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "sync/mapping/mapper.h"
#include "sync/mapping/rows.h"
#include "sync/mapping/steps.h"
#include "sync/quality/rule_spec.h"

namespace yimen::sync::quality {

/// Whether a canonical decimal is below (-1), equal to (0) or above (1) another. Exact.
int compareDecimals(std::string_view a, std::string_view b) noexcept;

/// The rules of an item over its mapped columns. One thread.
class RuleSet {
public:
    struct Parts {
        const std::vector<mapping::FieldSpec>& fields;
        const mapping::StepContext& context;
        const core::Clock& clock;
        RowLookup* lookup;  ///< null: rules that ask other items are refused
        std::string item;   ///< code of the item that is mapped
    };
    RuleSet(std::vector<RuleSpec> rules, const Parts& parts);
    ~RuleSet();

    /// kInvalidInput at the rule: it needs a lookup and there is none; or the source's columns are not what `header`
    /// says.
    core::Status prepare(const std::vector<SourceField>& columns);
    /// To be called before the first block of a batch.
    void begin(std::vector<RuleCount>& counts);
    /// Looks at the good rows of a block. An error is of the item: a rule of severity stop, or a lookup that failed.
    core::Status run(mapping::Block& block);
    /// After the last block of a batch: asks the shared database, once per rule, and refuses, mends or counts rows that
    /// `out` holds already.
    core::Status settle(const Batch& in, const std::vector<SourceField>& columns, Mapped& out);

    class Check;

private:
    core::Status punish(mapping::Block& block, std::size_t number, const std::vector<std::uint8_t>& bad);
    core::Status settleOne(std::size_t number, const Batch& in, Mapped& out, std::vector<std::uint32_t>& refused);
    RuleCount& countOf(const RuleSpec& rule);

    const Parts parts_;
    std::vector<RuleSpec> rules_;
    std::vector<std::unique_ptr<Check>> checks_;  ///< beside rules_; null for rules of a run
    std::vector<RuleCount> ofHeader_;
    std::vector<RuleCount>* counts_ = nullptr;
    std::vector<std::uint8_t> bad_;
};

/// Counts one row against a rule, with up to ten samples.
void addToCount(RuleCount& count, std::uint64_t origin);

}  // namespace yimen::sync::quality
