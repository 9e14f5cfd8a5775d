#include "sync/formats/grid.h"

#include <algorithm>

namespace yimen::sync {

namespace {

/// Without white space at the ends; line feeds inside a header cell are no part of a name.
std::string tidied(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view left = text.substr(at);
        if (left.starts_with("\xC2\xA0")) {
            at += 2;
        } else if (left.starts_with("\xE3\x80\x80")) {
            at += 3;
        } else {
            if (std::string_view(" \t\r\n").find(text[at]) == std::string_view::npos) out += text[at];
            ++at;
        }
    }
    return out;
}

}  // namespace

void Grid::addCell(std::uint32_t column, std::string_view text) {
    cells.push_back({column, static_cast<std::uint32_t>(arena.size()), static_cast<std::uint32_t>(text.size())});
    arena += text;
    ++rows.back().count;
}

std::string_view Grid::at(std::uint64_t number, std::uint32_t column) const noexcept {
    for (const Row& row : rows) {
        if (row.number != number) continue;
        for (std::size_t i = row.first; i < row.first + row.count; ++i) {
            if (cells[i].column == column) return text(cells[i]);
        }
    }
    return {};
}

GridReader::GridReader(Grid grid, Header header, std::string document)
    : grid_(std::move(grid)), header_(header), document_(std::move(document)) {}

/// The text of a header cell, or of the merged one that covers it.
std::string GridReader::headerPart(std::uint64_t number, std::uint32_t column) const {
    const std::uint64_t row = number - 1;
    for (const Grid::Merge& merge : grid_.merges) {
        const bool inside = row >= merge.top && row <= merge.bottom && column >= merge.left && column <= merge.right;
        if (inside) return tidied(grid_.at(merge.top + 1, merge.left));
    }
    return tidied(grid_.at(number, column));
}

core::Status GridReader::readHeader() {
    if (!names_.empty()) return {};
    std::uint32_t width = 0;
    const std::uint64_t end = header_.row + header_.rows;
    for (const Grid::Row& row : grid_.rows) {
        for (std::size_t i = row.first; row.number >= header_.row && row.number < end && i < row.first + row.count;
             ++i) {
            width = std::max(width, grid_.cells[i].column + 1);
        }
    }
    for (const Grid::Merge& merge : grid_.merges) {
        if (merge.top + 1 >= header_.row && merge.top + 1 < end && merge.right < 16384)
            width = std::max(width, merge.right + 1);
    }
    for (std::uint32_t column = 0; column < width; ++column) {
        std::string name;
        std::string last;
        for (std::uint64_t number = header_.row; number < end; ++number) {
            const std::string part = headerPart(number, column);
            if (part.empty() || part == last) continue;
            name += (name.empty() ? "" : "/") + part;
            last = part;
        }
        if (name.empty()) continue;
        names_.push_back(std::move(name));
        places_.push_back(column);
    }
    if (names_.empty())
        return documentError(document_, header_.row, "the header row is empty: check `header_row` in data.yaml");
    auto sorted = names_;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end())
        return documentError(document_, header_.row, "the column \"" + *twice + "\" stands twice in the header");
    return {};
}

core::Result<std::vector<SourceField>> GridReader::columns() {
    YIMEN_TRY_STATUS(readHeader());
    std::vector<SourceField> fields;
    for (const auto& name : names_) fields.push_back({name, "text"});
    return fields;
}

core::Status GridReader::bind(const std::vector<std::string>& wanted, bool extra) {
    YIMEN_TRY_STATUS(readHeader());
    YIMEN_TRY(const auto order, matchColumns(document_, names_, wanted, extra));
    wanted_ = wanted.size();
    bound_.assign(places_.empty() ? 0 : places_.back() + 1, 0);
    for (std::size_t i = 0; i < order.size(); ++i) bound_[places_[order[i]]] = i + 1;
    while (next_ < grid_.rows.size() && grid_.rows[next_].number < header_.row + header_.rows) ++next_;
    return {};
}

/// False when it had to be refused.
bool GridReader::take(const Grid::Row& row, Rows& rows) {
    std::string fault = row.fault;
    std::string all;
    const std::size_t number = rows.batch.addRow(Op::kUpsert, row.number);
    for (std::size_t i = row.first; i < row.first + row.count; ++i) {
        const Grid::Cell& cell = grid_.cells[i];
        const std::string_view text = grid_.text(cell);
        all += (all.empty() ? "" : "\t") + std::string(text);
        const bool named = std::find(places_.begin(), places_.end(), cell.column) != places_.end();
        if (!named && fault.empty() && !text.empty()) fault = "a cell stands beside the columns of the header";
        if (cell.column >= bound_.size() || bound_[cell.column] == 0) continue;
        if (!rows.batch.set(number, bound_[cell.column] - 1, text)) fault = "the record is too large for a batch";
    }
    if (fault.empty()) return true;
    rows.batch.dropLastRow();
    rows.rejected.push_back(formatReject(row.number, std::move(fault), all));
    return false;
}

core::Result<bool> GridReader::read(Rows& rows) {
    for (; next_ < grid_.rows.size() && !rows.batch.full(); ++next_) {
        const Grid::Row& row = grid_.rows[next_];
        const auto first = grid_.cells.begin() + static_cast<std::ptrdiff_t>(row.first);
        const bool empty = std::all_of(first, first + static_cast<std::ptrdiff_t>(row.count),
                                       [](const Grid::Cell& cell) { return cell.length == 0; });
        if (empty && row.fault.empty()) continue;
        if (!take(row, rows) && ++refused_ > kMaxRejected) {
            return documentError(document_, row.number,
                                 "more than 1000 rows could not be taken: check the header rows in data.yaml");
        }
    }
    return next_ < grid_.rows.size();
}

}  // namespace yimen::sync
