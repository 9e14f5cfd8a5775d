#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/batch.h"
#include "sync/mapping/text_arena.h"

namespace yimen::sync::mapping {

/// Rows that are mapped together, small enough that a column of them stays in the first cache.
inline constexpr std::size_t kBlockRows = 512;

/// Why a row is refused. `field` and `rule` live as long as the mapper.
struct Fault {
    std::size_t row = 0;     ///< within the block
    std::string_view field;  ///< of the item, or a column of the source
    std::string_view rule;
    std::string message;
};

/// Part of a batch, taken apart into columns: the fields of the item in their making. Recycled; one thread.
struct Block {
    enum class State : std::uint8_t { kGood, kRejected, kDropped };

    const Batch* in = nullptr;
    std::size_t first = 0;  ///< row of the batch
    std::size_t count = 0;
    std::size_t fields = 0;
    std::vector<CellText> cells;  ///< fields * kBlockRows, field by field
    std::vector<State> states;
    std::vector<Op> ops;
    std::vector<Fault> faults;  ///< one per rejected row
    TextArena arena;

    void open(const Batch& batch, std::size_t firstRow, std::size_t rows, std::size_t fieldCount) {
        in = &batch;
        first = firstRow;
        count = rows;
        fields = fieldCount;
        cells.resize(fieldCount * kBlockRows);
        states.assign(rows, State::kGood);
        ops.assign(batch.ops().begin() + static_cast<std::ptrdiff_t>(firstRow),
                   batch.ops().begin() + static_cast<std::ptrdiff_t>(firstRow + rows));
        faults.clear();
        arena.reset();
    }
    std::span<CellText> column(std::size_t field) noexcept { return {cells.data() + field * kBlockRows, count}; }
    std::span<const CellText> column(std::size_t field) const noexcept {
        return {cells.data() + field * kBlockRows, count};
    }
    CellText source(std::size_t row, std::size_t sourceColumn) const noexcept {
        const Batch::Cell cell = in->cells()[(first + row) * in->columns() + sourceColumn];
        if (cell.length < 0) return kNullCell;
        return cell.length == 0 ? kEmptyCell
                                : CellText(in->arena().data() + cell.offset, static_cast<std::size_t>(cell.length));
    }
    /// Refuses a row, once: the first fault is the one people see.
    void reject(std::size_t row, std::string_view field, std::string_view rule, std::string message) {
        if (states[row] != State::kGood) return;
        states[row] = State::kRejected;
        faults.push_back({row, field, rule, std::move(message)});
    }
};

}  // namespace yimen::sync::mapping
