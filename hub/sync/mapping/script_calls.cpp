#include <algorithm>
#include <array>
#include <charconv>

#include "sync/mapping/script.h"

namespace yimen::sync::mapping {

/// What scripts call: the functions H.name, of one cell in map(row), of whole columns in map_batch(b).

namespace {

/// A column in map_batch is a text that no literal of a script is: this, then its number.
constexpr char kHandle = '\x01';
/// Columns one map_batch may make.
constexpr std::size_t kMaxColumns = 1000;
}  // namespace

std::string Script::handleOf(std::size_t number) {
    return kHandle + std::to_string(number);
}

lua::TextLibrary Script::library() {
    lua::TextLibrary out;
    out.name = "H";
    for (std::size_t kind = 0; kind < cellFunctions().size(); ++kind) {
        out.add(std::string(cellFunctions()[kind].name), [this, kind](std::span<const CellText> arguments,
                                                                      CellText& answer) {
            return block_ != nullptr ? callVector(kind, arguments, answer) : callScalar(kind, arguments, answer);
        });
    }
    return out;
}

bool Script::fail(std::string text, CellText& out) {
    answer_ = std::move(text);
    out = answer_;
    return false;
}

namespace {

/// The arguments of a call: which are cells, which are literals.
struct Arguments {
    std::span<const CellText> cells;
    std::array<CellText, lua::kMaxTextArguments> literals;
    std::size_t literalCount = 0;

    Arguments(const CellFunctionKind& kind, std::span<const CellText> all) {
        const std::size_t end = kind.count == 0 ? all.size() : std::min(kind.first + kind.count, all.size());
        if (kind.first < end) cells = all.subspan(kind.first, end - kind.first);
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i < kind.first || i >= end) literals[literalCount++] = all[i];
        }
    }
    std::span<const CellText> literalSpan() const noexcept { return {literals.data(), literalCount}; }
};

}  // namespace

bool Script::callScalar(std::size_t kind, std::span<const CellText> arguments, CellText& out) {
    const CellFunctionKind& about = cellFunctions()[kind];
    const Arguments given(about, arguments);
    // The name is put together for messages only: this runs for every cell.
    const auto named = [&about](std::string_view what) {
        return "H." + std::string(about.name) + ": " + std::string(what);
    };
    if (given.cells.empty()) return fail(named("an argument is missing"), out);
    const auto function = functions_.get(kind, given.literalSpan());
    if (!function.ok()) return fail(named(function.error().message), out);
    const CellFunction& cell = **function;
    if (isNullCell(given.cells[0]) && !cell.takesNull) return true;
    out = cell.apply(given.cells, arena_);
    if (!isNullCell(out) || !cell.strict) return true;
    rule_ = cell.rule;
    return fail(named("值不合要求 / not a value that this function takes"), out);
}

core::Result<std::span<const CellText>> Script::column(CellText handle) {
    std::size_t number = 0;
    if (handle.size() < 2 || handle.front() != kHandle ||
        std::from_chars(handle.data() + 1, handle.data() + handle.size(), number).ptr !=
            handle.data() + handle.size() ||
        number >= parts_.columns.size() + madeCount_) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               isNullCell(handle)
                                   ? "a column is expected, not nil: has the source a column of that name?"
                                   : "a column is expected, like b.name or what an H function gave");
    }
    auto& cells = made_[number];
    if (number < parts_.columns.size() && cells.empty()) {
        cells.resize(block_->count);
        for (std::size_t row = 0; row < block_->count; ++row) cells[row] = block_->source(row, number);
    }
    return std::span<const CellText>(cells);
}

bool Script::callVector(std::size_t kind, std::span<const CellText> arguments, CellText& out) {
    const CellFunctionKind& about = cellFunctions()[kind];
    const Arguments given(about, arguments);
    const std::string name = "H." + std::string(about.name);
    if (given.cells.empty()) return fail(name + ": a column is missing", out);
    if (madeCount_ == kMaxColumns) return fail(name + ": map_batch made more than 1000 columns", out);
    const auto function = functions_.get(kind, given.literalSpan());
    if (!function.ok()) return fail(name + ": " + function.error().message, out);
    const std::size_t number = parts_.columns.size() + madeCount_;
    if (made_.size() <= number) made_.resize(number + 1);
    std::array<std::span<const CellText>, lua::kMaxTextArguments> columns;
    for (std::size_t i = 0; i < given.cells.size(); ++i) {
        auto one = column(given.cells[i]);
        if (!one.ok()) return fail(name + ": " + one.error().message, out);
        columns[i] = *one;
    }
    ++madeCount_;
    auto& cells = made_[number];
    cells.resize(block_->count);
    const CellFunction& cell = **function;
    std::array<CellText, lua::kMaxTextArguments> values;
    for (std::size_t row = 0; row < block_->count; ++row) {
        for (std::size_t i = 0; i < given.cells.size(); ++i) values[i] = columns[i][row];
        cells[row] = isNullCell(values[0]) && !cell.takesNull
                         ? kNullCell
                         : cell.apply({values.data(), given.cells.size()}, block_->arena);
        if (cell.strict && isNullCell(cells[row]) && !isNullCell(values[0]) && counts(*block_, row)) {
            block_->reject(row, "map_batch", cell.rule, name + ": 值不合要求 / not a value that this function takes");
        }
    }
    answer_ = handleOf(number);
    out = answer_;
    return true;
}

}  // namespace yimen::sync::mapping
