#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "lua/row_caller.h"
#include "sync/item_spec.h"
#include "sync/mapping/cell_functions.h"
#include "sync/mapping/field_spec.h"
#include "sync/source.h"

namespace yimen::sync::mapping {

/// What Lua says about the fields of an item: `expression` of single fields, and the script's map_batch(b) and
/// map(row). What they give is the raw text of a field: trim, code, check and type of its declaration come after. One
/// thread.
class Script {
public:
    struct Parts {
        const std::vector<FieldSpec>& fields;
        const std::vector<SourceField>& columns;
        const StepContext& context;
        const core::Clock& clock;
    };
    /// Null when the item has neither script nor expression. What `parts` names outlives it. kInvalidInput with
    /// file:line.
    static core::Result<std::unique_ptr<Script>> compile(const ItemSpec& item, const Parts& parts);

    /// Fills the fields of a block. A row that the script refuses or fails on is refused; a limit (runaway loop,
    /// memory), a name that is no field, or an error in map_batch is an error of the item.
    core::Status run(Block& block);

private:
    struct Private {};

public:
    Script(const Parts& parts, Private);

private:
    core::Status compileExpressions();
    core::Status compileScript(const ItemSpec& item);
    lua::TextLibrary library();
    bool callScalar(std::size_t kind, std::span<const CellText> arguments, CellText& out);
    bool callVector(std::size_t kind, std::span<const CellText> arguments, CellText& out);
    bool fail(std::string text, CellText& out);
    /// A column in map_batch, as the script holds it.
    static std::string handleOf(std::size_t number);

    core::Result<std::span<const CellText>> column(CellText handle);
    core::Status runBatch(Block& block);
    core::Status runRows(Block& block, lua::RowCaller& caller, bool expressions);
    core::Status takeRow(Block& block, std::size_t row, lua::RowCaller& caller, bool expressions);
    void refuse(Block& block, std::size_t row, const std::string& message, bool expressions);
    bool counts(const Block& block, std::size_t row) const noexcept;

    const Parts parts_;
    CellFunctionCache functions_;
    std::unique_ptr<lua::State> state_;
    std::optional<lua::State::Function> batch_;
    std::optional<lua::RowCaller> rows_;
    std::optional<lua::RowCaller> expressions_;
    std::vector<std::size_t> expressionFields_;
    bool keysByScript_ = false;

    // Of the call that runs now.
    Block* block_ = nullptr;  ///< set while map_batch runs: texts are handles of columns then
    std::vector<std::vector<CellText>> made_;
    std::size_t madeCount_ = 0;
    std::vector<CellText> cells_;
    TextArena arena_;
    std::string answer_;
    std::string_view rule_;  ///< of the host function that failed last
};

}  // namespace yimen::sync::mapping
