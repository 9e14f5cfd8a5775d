#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "core/ascii.h"
#include "sync/formats/workbook.h"
#include "sync/formats/xml_scan.h"
#include "sync/formats/zip_parts.h"

/// .xlsx (ECMA-376 part 1, SpreadsheetML): workbook, relations, shared strings, one sheet; styles only where the
/// workbook counts its days from 1904.
namespace yimen::sync {

namespace {

using core::Result;
using core::Status;

constexpr std::uint32_t kMaxColumns = 16'384;
constexpr std::uint64_t kMaxRows = 1'048'576;
/// Days from the beginning of the 1900 system to that of the 1904 system.
constexpr double kDays1904 = 1462;

std::string_view attribute(const XmlVisitor::Attributes& attributes, std::string_view name) noexcept {
    for (const auto& [key, value] : attributes) {
        if (key == name) return value;
    }
    return {};
}

template <typename T>
std::optional<T> numberOf(std::string_view text) noexcept {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "BC23" as column 54, row 23.
struct Place {
    std::uint32_t column = 0;
    std::uint64_t row = 0;
};
std::optional<Place> placeOf(std::string_view name) noexcept {
    Place place;
    std::size_t at = 0;
    for (; at < name.size() && name[at] >= 'A' && name[at] <= 'Z' && at < 3; ++at) {
        place.column = place.column * 26 + static_cast<std::uint32_t>(name[at] - 'A') + 1;
    }
    const auto row = numberOf<std::uint64_t>(name.substr(at));
    if (at == 0 || !row || *row == 0 || *row > kMaxRows || place.column > kMaxColumns) return std::nullopt;
    --place.column;
    place.row = *row;
    return place;
}

/// Sheets of xl/workbook.xml, and its date system.
class WorkbookPart final : public XmlVisitor {
public:
    void open(std::string_view name, const Attributes& attributes) override {
        if (name == "workbookPr") {
            const std::string_view flag = attribute(attributes, "date1904");
            from1904 = flag == "1" || flag == "true";
        }
        if (name == "sheet") sheets.emplace_back(attribute(attributes, "name"), attribute(attributes, "id"));
    }
    void close(std::string_view) override {}
    void text(std::string_view) override {}

    std::vector<std::pair<std::string, std::string>> sheets;  ///< name, relation
    bool from1904 = false;
};

class RelationsPart final : public XmlVisitor {
public:
    void open(std::string_view name, const Attributes& attributes) override {
        if (name != "Relationship") return;
        std::string target(attribute(attributes, "Target"));
        target = target.starts_with('/') ? target.substr(1) : "xl/" + target;
        if (attribute(attributes, "Type").ends_with("/sharedStrings")) strings = target;
        if (attribute(attributes, "Type").ends_with("/styles")) styles = target;
        targets.emplace_back(attribute(attributes, "Id"), std::move(target));
    }
    void close(std::string_view) override {}
    void text(std::string_view) override {}

    std::vector<std::pair<std::string, std::string>> targets;
    std::string strings;
    std::string styles;
};

/// Shared strings: the runs of each are joined, readings (rPh) are left out.
class StringsPart final : public XmlVisitor {
public:
    void open(std::string_view name, const Attributes&) override {
        if (name == "si") ends.push_back(arena.size());
        if (name == "rPh") ++reading_;
        inText_ = name == "t" && reading_ == 0;
    }
    void close(std::string_view name) override {
        inText_ = false;
        if (name == "rPh") --reading_;
        if (name == "si") ends.back() = arena.size();
    }
    void text(std::string_view text) override {
        if (inText_) arena += text;
    }
    std::optional<std::string_view> at(std::size_t number) const noexcept {
        if (number >= ends.size()) return std::nullopt;
        const std::size_t from = number == 0 ? 0 : ends[number - 1];
        return std::string_view(arena).substr(from, ends[number] - from);
    }

    std::string arena;
    std::vector<std::size_t> ends;

private:
    int reading_ = 0;
    bool inText_ = false;
};

/// Which cell styles show a date.
class StylesPart final : public XmlVisitor {
public:
    void open(std::string_view name, const Attributes& attributes) override {
        const auto id = numberOf<std::uint32_t>(attribute(attributes, "numFmtId")).value_or(0);
        if (name == "numFmt" && isDateFormat(attribute(attributes, "formatCode"))) custom_.insert(id);
        if (name == "cellXfs") inCells_ = true;
        if (name == "xf" && inCells_) dates.push_back(isBuiltIn(id) || custom_.contains(id));
    }
    void close(std::string_view name) override {
        if (name == "cellXfs") inCells_ = false;
    }
    void text(std::string_view) override {}

    std::vector<bool> dates;

private:
    static bool isBuiltIn(std::uint32_t id) noexcept {
        return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
    }
    static bool isDateFormat(std::string_view code) noexcept {
        bool quoted = false;
        bool bracket = false;
        for (const char c : code) {
            if (c == '"') quoted = !quoted;
            if (c == '[') bracket = true;
            if (c == ']') bracket = false;
            if (!quoted && !bracket && std::string_view("ymdhYMDH").find(c) != std::string_view::npos) return true;
        }
        return false;
    }

    std::unordered_set<std::uint32_t> custom_;
    bool inCells_ = false;
};

/// A sheet's cells and merges.
class SheetPart final : public XmlVisitor {
public:
    SheetPart(Grid& grid, const StringsPart& strings, const std::vector<bool>& dates1904)
        : grid_(grid), strings_(strings), dates_(dates1904) {}

    void attach(XmlScan& scan) { scan_ = &scan; }

    void open(std::string_view name, const Attributes& attributes) override {
        if (name == "row") return openRow(attributes);
        if (name == "c") return openCell(attributes);
        if (name == "mergeCell") return merge(attribute(attributes, "ref"));
        if (name == "f") formula_ = true;
        if (name == "v") hasValue_ = true;
        if (name == "is") hasValue_ = true;
        if (name == "rPh") ++reading_;
        taking_ = inCell_ && (name == "v" || (name == "t" && reading_ == 0));
    }
    void close(std::string_view name) override {
        taking_ = false;
        if (name == "rPh") --reading_;
        if (name == "c") closeCell();
    }
    void text(std::string_view text) override {
        if (taking_) value_ += text;
    }

private:
    void openRow(const Attributes& attributes) {
        const std::string_view number = attribute(attributes, "r");
        const std::uint64_t row = number.empty() ? row_ + 1 : numberOf<std::uint64_t>(number).value_or(0);
        if (row <= row_ || row > kMaxRows) return scan_->fail("its rows are not in order");
        row_ = row;
        column_ = 0;
        grid_.addRow(row);
    }
    void openCell(const Attributes& attributes) {
        if (grid_.rows.empty()) return scan_->fail("a cell stands outside the rows");
        const std::string_view reference = attribute(attributes, "r");
        if (!reference.empty()) {
            const auto place = placeOf(reference);
            if (!place || place->row != row_ || place->column < column_)
                return scan_->fail("its cells are not in order");
            column_ = place->column;
        }
        if (column_ >= kMaxColumns) return scan_->fail("a row has too many cells");
        type_ = attribute(attributes, "t");
        style_ = numberOf<std::size_t>(attribute(attributes, "s")).value_or(0);
        value_.clear();
        inCell_ = true;
        hasValue_ = false;
        formula_ = false;
    }
    void closeCell() {
        inCell_ = false;
        if (!grid_.rows.back().fault.empty()) return;
        if (formula_ && !hasValue_) {
            grid_.rows.back().fault = "the formula in column " + std::to_string(column_ + 1) +
                                      " has no computed value: open and save the workbook in a spreadsheet program";
        } else if (hasValue_) {
            put();
        }
        ++column_;
    }
    void put() {
        if (type_ == "s") {
            const auto number = numberOf<std::size_t>(value_);
            const auto text = number ? strings_.at(*number) : std::nullopt;
            if (!text) {
                grid_.rows.back().fault = "a cell names a text that the workbook does not have";
                return;
            }
            return grid_.addCell(column_, *text);
        }
        if (type_ == "b") return grid_.addCell(column_, value_ == "1" ? "true" : "false");
        if ((type_.empty() || type_ == "n") && style_ < dates_.size() && dates_[style_]) {
            if (const auto days = numberOf<double>(value_)) return grid_.addCell(column_, serial(*days + kDays1904));
        }
        grid_.addCell(column_, value_);
    }
    static std::string serial(double days) {
        std::array<char, 32> text{};
        const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), days);
        return error == std::errc() ? std::string(text.data(), end) : std::string();
    }
    void merge(std::string_view range) {
        const auto colon = range.find(':');
        const auto from = placeOf(range.substr(0, colon));
        const auto to = colon == std::string_view::npos ? from : placeOf(range.substr(colon + 1));
        constexpr std::size_t kMaxMerges = 100'000;
        if (!from || !to || grid_.merges.size() >= kMaxMerges)
            return scan_->fail("its merged cells are not understood");
        grid_.merges.push_back({from->row - 1, from->column, to->row - 1, to->column});
    }

    Grid& grid_;
    const StringsPart& strings_;
    const std::vector<bool>& dates_;
    XmlScan* scan_ = nullptr;
    std::uint64_t row_ = 0;
    std::uint32_t column_ = 0;
    std::string type_;
    std::size_t style_ = 0;
    std::string value_;
    int reading_ = 0;
    bool inCell_ = false;
    bool hasValue_ = false;
    bool formula_ = false;
    bool taking_ = false;
};

Status scanPart(ZipParts& parts, const std::string& name, XmlVisitor& visitor, const WorkbookRequest& request) {
    YIMEN_TRY(const std::string xml, parts.part(name));
    XmlScan scan(visitor, request.document + ", " + name);
    return scan.feed(xml, true);
}

/// The part that holds the wanted sheet.
Result<std::string> sheetPart(const WorkbookPart& workbook, const RelationsPart& relations,
                              const WorkbookRequest& request) {
    for (const auto& [name, relation] : workbook.sheets) {
        if (!request.sheet.empty() && name != request.sheet) continue;
        for (const auto& [id, target] : relations.targets) {
            if (id == relation) return target;
        }
    }
    std::string names;
    for (const auto& [name, relation] : workbook.sheets) names += (names.empty() ? "" : ", ") + name;
    return documentError(request.document, 0, "the workbook has no sheet \"" + request.sheet + "\"; it has: " + names);
}

}  // namespace

Result<Grid> readXlsx(std::string_view bytes, const WorkbookRequest& request) {
    YIMEN_TRY(auto parts, ZipParts::open(bytes, request.document, request.maxBytes));
    WorkbookPart workbook;
    RelationsPart relations;
    StringsPart strings;
    StylesPart styles;
    YIMEN_TRY_STATUS(scanPart(parts, "xl/workbook.xml", workbook, request));
    YIMEN_TRY_STATUS(scanPart(parts, "xl/_rels/workbook.xml.rels", relations, request));
    YIMEN_TRY(const std::string sheet, sheetPart(workbook, relations, request));
    if (!relations.strings.empty()) YIMEN_TRY_STATUS(scanPart(parts, relations.strings, strings, request));
    if (workbook.from1904 && !relations.styles.empty())
        YIMEN_TRY_STATUS(scanPart(parts, relations.styles, styles, request));
    YIMEN_TRY(const std::string xml, parts.part(sheet));
    Grid grid;
    SheetPart part(grid, strings, styles.dates);
    XmlScan scan(part, request.document + ", " + sheet);
    part.attach(scan);
    YIMEN_TRY_STATUS(scan.feed(xml, true));
    return grid;
}

}  // namespace yimen::sync
