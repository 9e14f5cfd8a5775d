#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/batch.h"
#include "sync/formats/special_scanner.h"

namespace yimen::sync {

struct CsvDialect {
    char delimiter = ',';
    char quote = '"';  ///< '\n': none, every quote is a character like others
    /// Cells as Excel writes them so that codes stay texts: a leading tab or apostrophe is taken off, ="001" is 001.
    bool excelMarks = false;
    bool operator==(const CsvDialect&) const = default;
};

/// Cuts one record after the other out of UTF-8 text (RFC 4180). Strict about quotes: a quote inside an unquoted cell
/// or text behind a closing quote is a fault of the record, so that damage cannot pass for content. One thread.
class CsvCutter {
public:
    explicit CsvCutter(const CsvDialect& dialect) : dialect_(dialect), scanner_(dialect.delimiter, dialect.quote) {}

    enum class Outcome { kRecord, kIncomplete, kFault };
    struct Record {
        Outcome outcome = Outcome::kIncomplete;
        std::size_t length = 0;       ///< bytes of text, its line end included
        std::size_t lines = 1;        ///< line feeds it covers
        std::string_view block;       ///< where the cells stand: the text itself, or a copy without doubled quotes
        const char* fault = nullptr;  ///< what is wrong, for people
    };

    /// The text moved or grew: go on at its front.
    void restart(std::string_view text) noexcept {
        text_ = text;
        begin_ = 0;
        scanner_.start(text, 0);
    }
    /// The record at the front. `last`: no text will follow.
    Record next(bool last);
    /// Goes on `count` bytes behind the beginning of the last record.
    void skipTo(std::size_t count) noexcept {
        begin_ += count;
        scanner_.start(text_, begin_);
    }
    std::span<const Batch::Cell> cells() const noexcept { return {cells_.data(), count_}; }

private:
    struct Cut;
    bool quoted(Cut& cut, std::size_t open);
    std::size_t addCell(std::size_t from, std::size_t to) {
        if (dialect_.excelMarks && from < to && (text_[from] == '\t' || text_[from] == '\'')) ++from;
        if (count_ == cells_.size()) cells_.resize(2 * count_ + 16);
        cells_[count_++] = {static_cast<std::uint32_t>(from - begin_), static_cast<std::int32_t>(to - from)};
        return to + 1;
    }
    std::string_view unescaped();

    CsvDialect dialect_;
    SpecialScanner scanner_;
    std::string_view text_;
    std::size_t begin_ = 0;
    std::vector<Batch::Cell> cells_;  ///< the first count_ of them
    std::size_t count_ = 0;
    std::vector<std::size_t> doubled_;  ///< numbers of cells that hold doubled quotes
    std::string copy_;
};

}  // namespace yimen::sync
