#include "sync/batch.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/check.h"

namespace yimen::sync {

void Batch::reset(std::size_t columns) {
    columns_ = columns;
    cells_.clear();
    arena_.clear();
    ops_.clear();
    origins_.clear();
}

std::size_t Batch::footprint() const noexcept {
    return cells_.capacity() * sizeof(Cell) + arena_.capacity() + ops_.capacity() * sizeof(Op) +
           origins_.capacity() * sizeof(std::uint64_t);
}

std::size_t Batch::addRow(Op op, std::uint64_t origin) {
    cells_.resize(cells_.size() + columns_);
    ops_.push_back(op);
    origins_.push_back(origin);
    return ops_.size() - 1;
}

void Batch::dropLastRow() {
    YIMEN_CHECK(!ops_.empty());
    std::size_t first = arena_.size();
    for (std::size_t i = cells_.size() - columns_; i < cells_.size(); ++i) {
        if (cells_[i].length > 0 && cells_[i].offset < first) first = cells_[i].offset;
    }
    arena_.resize(first);  // bytes of a row stand behind those of the rows before it
    cells_.resize(cells_.size() - columns_);
    ops_.pop_back();
    origins_.pop_back();
}

/// Doubles up to what a full batch needs and no further, so that a pipeline's memory is what its budget says.
void Batch::grow(std::size_t size) {
    if (size <= arena_.capacity()) return;
    constexpr std::size_t kSlack = 64 * std::size_t{1024};
    arena_.reserve(std::max(size, std::min(arena_.capacity() * 2, kMaxBytes + kSlack)));
}

std::span<char> Batch::room(std::size_t row, std::size_t column, std::size_t length) {
    YIMEN_CHECK(row < rows() && column < columns_);
    if (length > kMaxCell || arena_.size() + length > std::numeric_limits<std::uint32_t>::max()) return {};
    const std::size_t offset = arena_.size();
    grow(offset + length);
    arena_.resize(offset + length);
    cells_[row * columns_ + column] = {static_cast<std::uint32_t>(offset), static_cast<std::int32_t>(length)};
    return {arena_.data() + offset, length};
}

bool Batch::set(std::size_t row, std::size_t column, std::string_view text) {
    if (text.empty()) {
        YIMEN_CHECK(row < rows() && column < columns_);
        cells_[row * columns_ + column] = {0, 0};
        return true;
    }
    const std::span<char> space = room(row, column, text.size());
    if (space.empty()) return false;
    std::memcpy(space.data(), text.data(), text.size());
    return true;
}

bool Batch::appendRow(std::uint64_t origin, std::string_view block, std::span<const Cell> cells) {
    YIMEN_CHECK(cells.size() == columns_);
    const std::size_t base = arena_.size();
    if (block.size() > kMaxCell || base + block.size() > std::numeric_limits<std::uint32_t>::max()) return false;
    grow(base + block.size());
    arena_.resize(base + block.size());
    if (!block.empty()) std::memcpy(arena_.data() + base, block.data(), block.size());
    const std::size_t first = cells_.size();
    cells_.insert(cells_.end(), cells.begin(), cells.end());
    for (Cell& cell : std::span(cells_).subspan(first)) cell.offset += static_cast<std::uint32_t>(base);
    ops_.push_back(Op::kUpsert);
    origins_.push_back(origin);
    return true;
}

Batch::Loan Batch::lend(std::size_t rows, std::size_t bytes) {
    YIMEN_CHECK(empty());
    cells_.clear();
    cells_.resize(rows * columns_);
    ops_.resize(rows, Op::kUpsert);
    origins_.resize(rows, 0);
    grow(bytes);
    arena_.resize(bytes);
    return {cells_, ops_, origins_, arena_};
}

std::span<char> Batch::lendMore(std::size_t used, std::size_t bytes) {
    if (used > arena_.size() || bytes > std::numeric_limits<std::uint32_t>::max()) return {};
    if (bytes <= arena_.size()) return arena_;
    arena_.resize(used);
    grow(bytes);
    arena_.resize(bytes);
    return arena_;
}

bool Batch::cellsAreInside(std::size_t bytes) const noexcept {
    // No early end: the loop is then four cells at a time.
    bool outside = false;
    for (const Cell cell : cells_) {
        const auto length = static_cast<std::uint64_t>(cell.length < 0 ? 0 : cell.length);
        outside |= cell.length < -1 || (length > 0 && cell.offset + length > bytes) || length > kMaxCell;
    }
    return !outside;
}

bool Batch::settle(std::size_t rows, std::size_t bytes) {
    const bool counted = rows <= ops_.size() && bytes <= arena_.size();
    if (counted) {
        cells_.resize(rows * columns_);
        ops_.resize(rows);
        origins_.resize(rows);
        arena_.resize(bytes);
        const bool known = std::all_of(ops_.begin(), ops_.end(), [](Op op) { return op <= Op::kDelete; });
        if (known && cellsAreInside(bytes)) return true;
    }
    reset(columns_);
    return false;
}

Batch copyRows(const Batch& rows, std::span<const std::uint32_t> numbers) {
    Batch out;
    out.reset(rows.columns());
    for (const std::uint32_t row : numbers) {
        const std::size_t to = out.addRow(rows.op(row), rows.origin(row));
        for (std::size_t i = 0; i < rows.columns(); ++i) {
            // A batch that held the cell holds it again.
            if (!rows.isNull(row, i) && !out.set(to, i, rows.text(row, i))) out.setNull(to, i);
        }
    }
    return out;
}

}  // namespace yimen::sync
