#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace yimen::sync {

/// What a row asks the target to do.
enum class Op : std::uint8_t {
    kUpsert,  ///< this is the record now
    kDelete   ///< the record with this key is gone; only the key cells count
};

/// Rows on their way through a pipeline: cells (offset, length) in row order over one arena of bytes. No allocation per
/// cell, and none at all once a recycled batch has grown to its working size. Cells are text in UTF-8 (or raw bytes of
/// a source until it is decoded); null is not the empty text.
/// Capped by kMaxRows and kMaxBytes, whichever is first (measured: above it costs memory and brings nothing).
/// A value with one owner at a time; not thread-safe. Views are good until the next call that adds bytes.
class Batch {
public:
    static constexpr std::size_t kMaxRows = 10'000;
    static constexpr std::size_t kMaxBytes = std::size_t{8} << 20U;
    /// A single cell may be larger than a batch (then it is alone in it), up to this.
    static constexpr std::size_t kMaxCell = std::size_t{64} << 20U;

    struct Cell {
        std::uint32_t offset = 0;
        std::int32_t length = -1;  ///< -1: null
    };

    /// Forgets the rows, keeps the memory.
    void reset(std::size_t columns);

    std::size_t rows() const noexcept { return ops_.size(); }
    std::size_t columns() const noexcept { return columns_; }
    bool empty() const noexcept { return ops_.empty(); }
    /// True when the next row should go into another batch.
    bool full() const noexcept { return rows() >= kMaxRows || arena_.size() >= kMaxBytes; }
    /// Bytes of memory held, used or not: what the budget counts.
    std::size_t footprint() const noexcept;
    /// Bytes of cell text.
    std::size_t textBytes() const noexcept { return arena_.size(); }

    /// Appends a row of nulls and returns its number. `origin` is where a person finds it in the source (line, record
    /// or sequence number), for messages and dead letters.
    std::size_t addRow(Op op, std::uint64_t origin);
    /// Takes the last row back, with its bytes when nothing was added since.
    void dropLastRow();
    /// Sets a cell by copying. False when the text is over kMaxCell or the arena would pass 4 GiB: the row cannot be
    /// held, and the caller rejects it.
    [[nodiscard]] bool set(std::size_t row, std::size_t column, std::string_view text);
    void setNull(std::size_t row, std::size_t column) noexcept { cells_[row * columns_ + column].length = -1; }
    /// Room for `length` bytes of a cell that the caller writes at once; empty when it cannot be held.
    std::span<char> room(std::size_t row, std::size_t column, std::size_t length);
    void setOp(std::size_t row, Op op) noexcept { ops_[row] = op; }
    /// A whole row at once: `cells` (one per column) point into `block`, which is copied with one move. For readers
    /// that cut a record where it stands. False, and no row, when the batch cannot hold it.
    [[nodiscard]] bool appendRow(std::uint64_t origin, std::string_view block, std::span<const Cell> cells);

    bool isNull(std::size_t row, std::size_t column) const noexcept {
        return cells_[row * columns_ + column].length < 0;
    }
    /// The text; empty for null.
    std::string_view text(std::size_t row, std::size_t column) const noexcept {
        const Cell cell = cells_[row * columns_ + column];
        return cell.length <= 0 ? std::string_view{}
                                : std::string_view(arena_.data() + cell.offset, static_cast<std::size_t>(cell.length));
    }
    Op op(std::size_t row) const noexcept { return ops_[row]; }
    std::uint64_t origin(std::size_t row) const noexcept { return origins_[row]; }

    /// Memory that a foreign writer (a plugin) fills in place, so that nothing is copied per cell. Good until the next
    /// call of the batch.
    struct Loan {
        std::span<Cell> cells;  ///< rows * columns(), all null
        std::span<Op> ops;      ///< all kUpsert
        std::span<std::uint64_t> origins;
        std::span<char> arena;  ///< bytes without a defined value
    };
    /// Lends room for `rows` rows and `bytes` of text of an empty batch; rows() counts them until settle().
    Loan lend(std::size_t rows, std::size_t bytes);
    /// More arena for the loan, keeping its first `used` bytes; empty when the batch cannot hold it.
    std::span<char> lendMore(std::size_t used, std::size_t bytes);
    /// Keeps the first `rows` rows and `bytes` bytes of the loan. False, and an empty batch, when the counts or a cell
    /// reach outside of it or an op is none: nothing of a foreign writer is believed.
    [[nodiscard]] bool settle(std::size_t rows, std::size_t bytes);

    /// For the plugin interface and bulk writers: everything at once, in row order.
    std::span<const Cell> cells() const noexcept { return cells_; }
    std::string_view arena() const noexcept { return {arena_.data(), arena_.size()}; }
    std::span<const Op> ops() const noexcept { return ops_; }
    std::span<const std::uint64_t> origins() const noexcept { return origins_; }

private:
    /// Leaves new bytes as they are: an arena is written before it is read, and clearing it first costs as much again.
    template <typename T>
    struct Unset : std::allocator<T> {
        template <typename U>
        struct rebind {  // NOLINT(readability-identifier-naming): the name that std::allocator_traits looks for
            using other = Unset<U>;
        };
        template <typename U>
        void construct(U* /*place*/) const noexcept {}
        template <typename U, typename A>
        void construct(U* place, A&& value) const noexcept {
            *place = value;
        }
    };

    void grow(std::size_t size);
    bool cellsAreInside(std::size_t bytes) const noexcept;

    std::size_t columns_ = 0;
    std::vector<Cell> cells_;
    std::vector<char, Unset<char>> arena_;
    std::vector<Op> ops_;
    std::vector<std::uint64_t> origins_;
};

/// The rows of `rows` with these numbers, in their order.
Batch copyRows(const Batch& rows, std::span<const std::uint32_t> numbers);

}  // namespace yimen::sync
