#include <libxml/HTMLparser.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "core/ascii.h"
#include "core/bytes.h"
#include "sync/formats/document_text.h"
#include "sync/formats/workbook.h"

/// Pages with a table that pose as workbooks, read by libxml2's HTML parser.
namespace yimen::sync {

namespace {

using core::Result;

struct FreeDocument {
    void operator()(xmlDoc* document) const noexcept { xmlFreeDoc(document); }
};

/// libxml2's texts are unsigned bytes.
std::string_view textOf(const xmlChar* text) noexcept {
    return text == nullptr ? std::string_view() : core::asText({text, static_cast<std::size_t>(xmlStrlen(text))});
}

std::string_view nameOf(const xmlNode* node) noexcept {
    return node->type == XML_ELEMENT_NODE ? textOf(node->name) : std::string_view();
}

/// The node behind `node` in document order within `root`; `deep` false passes over its children.
xmlNode* after(xmlNode* node, const xmlNode* root, bool deep) noexcept {
    if (deep && node->children != nullptr) return node->children;
    while (node != root && node->next == nullptr) node = node->parent;
    return node == root ? nullptr : node->next;
}

std::string textBelow(xmlNode* root) {
    std::string out;
    for (xmlNode* node = root; node != nullptr; node = after(node, root, true)) {
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
            out += textOf(node->content);
        } else if (nameOf(node) == "br") {
            out += '\n';
        }
    }
    std::string_view text(out);
    const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && space(text.front())) text.remove_prefix(1);
    while (!text.empty() && space(text.back())) text.remove_suffix(1);
    return std::string(text == "\xC2\xA0" ? std::string_view() : text);
}

std::uint32_t span(const xmlNode* cell, std::string_view name) {
    constexpr std::uint32_t kMaxSpan = 1000;
    std::uint32_t value = 1;
    for (const xmlAttr* attribute = cell->properties; attribute != nullptr; attribute = attribute->next) {
        if (textOf(attribute->name) != name || attribute->children == nullptr) continue;
        const std::string_view digits = textOf(attribute->children->content);
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    }
    return std::clamp<std::uint32_t>(value, 1, kMaxSpan);
}

/// Fills the grid row by row; cells that span rows push those below aside.
class TableReader {
public:
    void row(xmlNode* tr) {
        const std::uint64_t number = grid.rows.size();
        grid.addRow(number + 1);
        std::uint32_t column = 0;
        for (xmlNode* cell = tr->children; cell != nullptr; cell = cell->next) {
            const std::string_view name = nameOf(cell);
            if (name != "td" && name != "th") continue;
            while (column < taken_.size() && taken_[column] > number) ++column;
            const std::uint32_t wide = span(cell, "colspan");
            const std::uint32_t high = span(cell, "rowspan");
            grid.addCell(column, textBelow(cell));
            if (wide > 1 || high > 1) grid.merges.push_back({number, column, number + high - 1, column + wide - 1});
            taken_.resize(std::max<std::size_t>(taken_.size(), column + wide), 0);
            for (std::uint32_t i = column; i < column + wide; ++i) taken_[i] = number + high;
            column += wide;
            if (column > kMaxColumns) return;
        }
    }
    Grid grid;

private:
    static constexpr std::uint32_t kMaxColumns = 16'384;
    std::vector<std::uint64_t> taken_;  ///< first row that is free again, by column
};

Grid readTable(xmlNode* table) {
    TableReader reader;
    for (xmlNode* node = after(table, table, true); node != nullptr;) {
        const bool row = nameOf(node) == "tr";
        const bool inner = nameOf(node) == "table";
        if (row) reader.row(node);
        node = after(node, table, !row && !inner);
    }
    return std::move(reader.grid);
}

/// A page that was cut off looks like a smaller one to an HTML parser.
bool isWhole(std::string_view text) {
    const std::string lower = core::lowerCase(text);
    const auto lastOf = [&](std::string_view mark) { return lower.rfind(mark); };
    const auto row = lastOf("<tr");
    const auto end = lastOf("</table");
    if (row != std::string::npos && (end == std::string::npos || end < row)) return false;
    return lower.find("<html") == std::string::npos || lower.find("</html") != std::string::npos;
}

}  // namespace

Result<Grid> readHtmlTable(std::string_view bytes, const WorkbookRequest& request) {
    YIMEN_TRY(const std::string text, documentText(request.document, bytes, request.charset, std::nullopt));
    if (!isWhole(text))
        return documentError(request.document, 0,
                             "the page is cut off: its table or the page has no end; fetch it again");
    const std::unique_ptr<xmlDoc, FreeDocument> page(htmlReadMemory(
        text.data(), static_cast<int>(text.size()), nullptr, "UTF-8",
        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT));
    Grid best;
    xmlNode* const root = page ? xmlDocGetRootElement(page.get()) : nullptr;
    for (xmlNode* node = root; node != nullptr; node = after(node, root, true)) {
        if (nameOf(node) != "table") continue;
        Grid grid = readTable(node);
        if (grid.cells.size() > best.cells.size()) best = std::move(grid);
    }
    if (best.rows.empty())
        return documentError(request.document, 0, "the page has no table: an error page or a sign-in page?");
    return best;
}

}  // namespace yimen::sync
