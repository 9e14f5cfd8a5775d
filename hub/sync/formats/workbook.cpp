#include "sync/formats/workbook.h"

namespace yimen::sync {

WorkbookKind sniffWorkbook(std::string_view bytes) noexcept {
    if (bytes.starts_with("PK\x03\x04")) return WorkbookKind::kXlsx;
    if (bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return WorkbookKind::kXls;
    std::size_t at = bytes.starts_with("\xEF\xBB\xBF") || bytes.starts_with("\xFF\xFE") ? 2 : 0;
    if (bytes.starts_with("\xEF\xBB\xBF")) at = 3;
    while (at < bytes.size() && (bytes[at] == ' ' || bytes[at] == '\r' || bytes[at] == '\n' || bytes[at] == '\t')) ++at;
    return at < bytes.size() && bytes[at] == '<' ? WorkbookKind::kHtml : WorkbookKind::kUnknown;
}

core::Result<Grid> readWorkbook(std::string_view bytes, const WorkbookRequest& request) {
    switch (sniffWorkbook(bytes)) {
        case WorkbookKind::kXlsx:
            return readXlsx(bytes, request);
        case WorkbookKind::kXls:
            return readXls(bytes, request);
        case WorkbookKind::kHtml:
            return readHtmlTable(bytes, request);
        case WorkbookKind::kUnknown:
            break;
    }
    return documentError(
        request.document, 0,
        "neither .xlsx nor .xls nor a page with a table; text with delimiters is read by `format: csv`");
}

}  // namespace yimen::sync
