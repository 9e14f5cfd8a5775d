#include "sync/formats/csv_cutter.h"

namespace yimen::sync {

/// State while one record is cut. Offsets are of the whole text.
struct CsvCutter::Cut {
    std::size_t cell = 0;  ///< where the cell at hand begins
    std::size_t lines = 1;
    bool last = false;
    bool done = false;  ///< the record ended behind a quoted cell
    std::size_t end = 0;
    const char* fault = nullptr;
};

/// Takes a quoted cell whose quote stands at `open`, and what ends it. False: incomplete or a fault.
bool CsvCutter::quoted(Cut& cut, std::size_t open) {  // NOLINT(readability-function-cognitive-complexity): RFC 4180
    bool doubled = false;
    while (true) {
        const std::size_t at = scanner_.next();
        if (at == SpecialScanner::kNone) {
            if (cut.last) cut.fault = "a quote is opened and never closed";
            return false;
        }
        if (text_[at] == '\n') ++cut.lines;
        if (text_[at] != dialect_.quote) continue;
        const std::size_t behind = at + 1;
        if (behind == text_.size() && !cut.last) return false;
        if (behind < text_.size() && text_[behind] == dialect_.quote) {
            scanner_.next();
            doubled = true;
            continue;
        }
        if (doubled) doubled_.push_back(count_);
        addCell(open + 1, at);
        if (behind == text_.size()) {
            cut.done = true;
            cut.end = behind;
            return true;
        }
        const bool carriage = text_[behind] == '\r';
        if (carriage && behind + 1 == text_.size() && !cut.last) return false;
        const std::size_t end = behind + (carriage ? 1U : 0U);
        if (end == text_.size() || text_[end] == '\n') {
            if (end < text_.size()) scanner_.next();
            cut.done = true;
            cut.end = std::min(end + 1, text_.size());
            return true;
        }
        if (text_[behind] == dialect_.delimiter) {
            scanner_.next();
            cut.cell = behind + 1;
            return true;
        }
        cut.fault = "text stands behind a closing quote";
        return false;
    }
}

CsvCutter::Record CsvCutter::next(bool last) {  // NOLINT(readability-function-cognitive-complexity): one hot loop
    count_ = 0;
    doubled_.clear();
    SpecialScanner scanner = scanner_;  // in registers: this loop is what the reader does most
    Cut cut;
    cut.cell = begin_;
    cut.last = last;
    while (!cut.done) {
        const std::size_t at = scanner.next();
        if (at == SpecialScanner::kNone) {
            if (!last) return {};
            if (begin_ == text_.size()) return {};
            addCell(cut.cell, text_.size());
            cut.end = text_.size();
            break;
        }
        const char mark = text_[at];
        if (mark == dialect_.delimiter) {
            cut.cell = addCell(cut.cell, at);
            continue;
        }
        if (mark == '\n') {
            const bool carriage = at > cut.cell && text_[at - 1] == '\r';
            addCell(cut.cell, carriage ? at - 1 : at);
            cut.end = at + 1;
            break;
        }
        const bool formula = dialect_.excelMarks && at == cut.cell + 1 && text_[cut.cell] == '=';
        if (at != cut.cell && !formula) cut.fault = "a quote stands inside a cell that is not quoted";
        scanner_ = scanner;
        const bool whole = cut.fault == nullptr && quoted(cut, at);
        scanner = scanner_;
        if (whole) continue;
        if (cut.fault == nullptr) return {};
        return {Outcome::kFault, 0, cut.lines, {}, cut.fault};
    }
    Record record{Outcome::kRecord, cut.end - begin_, cut.lines, text_.substr(begin_, cut.end - begin_), nullptr};
    if (!doubled_.empty()) record.block = unescaped();
    begin_ = cut.end;
    scanner_ = scanner;
    return record;
}

/// The cells of the record in a copy, with "" as ".
std::string_view CsvCutter::unescaped() {
    copy_.clear();
    std::size_t turn = 0;
    for (std::size_t i = 0; i < count_; ++i) {
        Batch::Cell& cell = cells_[i];
        const std::string_view text = text_.substr(begin_ + cell.offset, static_cast<std::size_t>(cell.length));
        cell.offset = static_cast<std::uint32_t>(copy_.size());
        if (turn == doubled_.size() || doubled_[turn] != i) {
            copy_ += text;
            continue;
        }
        ++turn;
        for (std::size_t at = 0; at < text.size(); ++at) {
            copy_ += text[at];
            if (text[at] == dialect_.quote) ++at;
        }
        cell.length = static_cast<std::int32_t>(copy_.size() - cell.offset);
        if (dialect_.excelMarks && cell.length >= 3 && copy_.compare(cell.offset, 2, "=\"") == 0 &&
            copy_.back() == '"') {
            cell.offset += 2;
            cell.length -= 3;
        }
    }
    return copy_;
}

}  // namespace yimen::sync
