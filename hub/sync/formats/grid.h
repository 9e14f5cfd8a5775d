#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sync/formats/record_reader.h"

namespace yimen::sync {

/// A sheet of a workbook or a table of a page: the cells that hold something, over one arena. A value.
class Grid {
public:
    struct Cell {
        std::uint32_t column = 0;  ///< from 0
        std::uint32_t offset = 0;
        std::uint32_t length = 0;
    };
    struct Row {
        std::uint64_t number = 0;  ///< as a person counts, from 1
        std::size_t first = 0;
        std::size_t count = 0;
        std::string fault;  ///< why it cannot be taken
    };
    /// Cells joined to one, counted from 0, ends included.
    struct Merge {
        std::uint64_t top = 0;
        std::uint32_t left = 0;
        std::uint64_t bottom = 0;
        std::uint32_t right = 0;
    };

    void addRow(std::uint64_t number) { rows.push_back({number, cells.size(), 0, {}}); }
    /// Into the last row.
    void addCell(std::uint32_t column, std::string_view text);
    std::string_view text(const Cell& cell) const noexcept {
        return std::string_view(arena).substr(cell.offset, cell.length);
    }
    /// The text at row `number` (from 1); empty when there is none.
    std::string_view at(std::uint64_t number, std::uint32_t column) const noexcept;

    std::vector<Row> rows;
    std::vector<Cell> cells;
    std::vector<Merge> merges;
    std::string arena;
};

/// Records of a grid: a header of one or more rows, then a record per row that is not empty. A merged header cell names
/// every column it covers; names of several header rows are joined by '/'. Rows carry their number in the sheet.
class GridReader final : public RecordReader {
public:
    struct Header {
        std::size_t row = 1;  ///< from 1
        std::size_t rows = 1;
    };
    GridReader(Grid grid, Header header, std::string document);

    core::Result<std::vector<SourceField>> columns() override;
    core::Status bind(const std::vector<std::string>& wanted, bool extra) override;
    core::Result<bool> read(Rows& rows) override;

private:
    std::string headerPart(std::uint64_t number, std::uint32_t column) const;
    core::Status readHeader();
    bool take(const Grid::Row& row, Rows& rows);

    Grid grid_;
    Header header_;
    std::string document_;
    std::vector<std::string> names_;
    std::vector<std::uint32_t> places_;  ///< column of the grid of each name
    std::vector<std::size_t> bound_;     ///< for each column of the grid: bound column + 1; 0: none
    std::size_t wanted_ = 0;
    std::size_t next_ = 0;
    std::size_t refused_ = 0;
};

}  // namespace yimen::sync
