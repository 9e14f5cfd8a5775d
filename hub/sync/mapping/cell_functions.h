#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sync/mapping/steps.h"

namespace yimen::sync::mapping {

/// A function of cells, ready to be called for each row: views in, view out, which lives in the arena or in what went
/// in. A null answer for a first cell that is not null is a fault when `strict`.
struct CellFunction {
    std::function<CellText(std::span<const CellText> cells, TextArena& arena)> apply;
    std::string_view rule;  ///< of the fault
    bool strict = false;
    bool takesNull = false;  ///< is called for null first cells too
};

/// How a function of the script library H is called.
struct CellFunctionKind {
    std::string_view name;
    /// Arguments that are cells: `first` to `first + count`; count 0: all from `first` on.
    std::size_t first = 0;
    std::size_t count = 1;
    /// Makes one for the arguments that are no cells, in order. kInvalidInput for wrong ones.
    core::Result<CellFunction> (*make)(std::span<const CellText> literals, const StepContext& context);
};

/// trim ascii upper lower date datetime integer decimal boolean code id_card credit_code division phone mask_id
/// mask_phone mask_name hash null default first join concat split sub replace. adapters/DATA.md says what each does.
std::span<const CellFunctionKind> cellFunctions() noexcept;

/// Functions by kind and literal arguments, made once. One thread.
class CellFunctionCache {
public:
    explicit CellFunctionCache(const StepContext& context) : context_(context), made_(cellFunctions().size()) {}
    /// `kind`: number in cellFunctions(). The answer lives as long as the cache.
    core::Result<const CellFunction*> get(std::size_t kind, std::span<const CellText> literals);

private:
    struct Entry {
        std::vector<std::string> literals;
        CellFunction function;
    };
    static constexpr std::size_t kMaxEntries = 1000;  ///< scripts that make up literals row by row
    const StepContext& context_;
    std::vector<std::vector<std::unique_ptr<Entry>>> made_;
};

}  // namespace yimen::sync::mapping
