#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yimen::core {

/// What is wrong with a file of rows, for the person who has to mend it.
struct CsvProblem {
    std::size_t line = 0;  ///< from 1, as an editor counts
    std::string column;    ///< empty: the line as a whole
    std::string what;      ///< never holds a cell's text
    std::string todo;
};

struct CsvRow {
    std::size_t line = 0;            ///< where the row begins
    std::vector<std::string> cells;  ///< in the order of the wanted columns, whatever the order in the file
};

struct CsvFile {
    std::vector<CsvRow> rows;  ///< those without a problem
    std::vector<CsvProblem> problems;
};

/// Comma-separated values (RFC 4180) in UTF-8 with or without a byte order mark; lines end with LF or CRLF, empty lines
/// are passed over. The first line names the columns: each of `columns` once, in any order, no others. A file in
/// GB18030 or UTF-16, as spreadsheets like to save it, is refused with a word on how to save it. Any thread.
CsvFile readCsv(std::string_view text, std::span<const std::string_view> columns);

}  // namespace yimen::core
