#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "sync/formats/charset.h"
#include "sync/formats/grid.h"

namespace yimen::sync {

/// Which sheet of what to read.
struct WorkbookRequest {
    std::string sheet;                              ///< name; empty: the first (the largest table of a page)
    std::string document;                           ///< name for people
    std::optional<Charset> charset;                 ///< of a page; nothing: by its bytes
    std::size_t maxBytes = std::size_t{64} << 20U;  ///< of all unpacked parts together
};

/// What the bytes of a file named .xls or .xlsx really are.
enum class WorkbookKind { kXlsx, kXls, kHtml, kUnknown };
WorkbookKind sniffWorkbook(std::string_view bytes) noexcept;

/// The cells of a sheet. Numbers are the text that the file has (dates are serials of the 1900 system; of .xls, whose
/// reader turns them, ISO texts); formulas give the value that was computed last, a formula without one refuses its
/// row. Any thread; workbooks are taken whole or not at all.
core::Result<Grid> readWorkbook(std::string_view bytes, const WorkbookRequest& request);

/// The three kinds. Inner parts of readWorkbook.
core::Result<Grid> readXlsx(std::string_view bytes, const WorkbookRequest& request);
core::Result<Grid> readXls(std::string_view bytes, const WorkbookRequest& request);
core::Result<Grid> readHtmlTable(std::string_view bytes, const WorkbookRequest& request);

}  // namespace yimen::sync
