#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sync/mapping/code_table.h"
#include "sync/mapping/field_spec.h"
#include "sync/mapping/rows.h"

namespace yimen::sync::mapping {

/// One operation on a column of a block. One thread.
class Step {
public:
    virtual ~Step() = default;
    virtual void run(Block& block, std::size_t field) = 0;
};
using Steps = std::vector<std::unique_ptr<Step>>;

/// What steps stand on; everything outlives them.
struct StepContext {
    /// Table of a name; null when there is none.
    std::function<const CodeTable*(const std::string&)> table;
    /// HMAC-SM3 in hex; empty when the hub has no key for it.
    std::function<std::string(std::string_view)> keyedHash;
};

/// The operations of a field up to its canonical text, in order: trim, half width, nulls, code table, check, type,
/// default, required. `spec` outlives the steps. kInvalidInput at `spec.where`.
core::Result<Steps> compileSteps(const FieldSpec& spec, const StepContext& context);
/// What happens after the quality rules: the mask. Empty when there is none.
core::Result<Steps> compileMask(const FieldSpec& spec, const StepContext& context);

}  // namespace yimen::sync::mapping
