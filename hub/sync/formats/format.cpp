#include "sync/formats/format.h"

#include "sync/formats/document_text.h"
#include "sync/formats/text_stream.h"
#include "sync/formats/workbook.h"
#include "sync/formats/xml_reader.h"
#include "sync/formats/xml_scan.h"

namespace yimen::sync {

namespace {

using Kind = FormatSpec::Kind;

void readColumn(const config::YamlNode& node, FormatSpec& spec, config::YamlErrors& errors) {
    ColumnSpec column;
    if (node.isScalar()) {
        const auto name = node.text();
        if (!name.ok()) return errors.add(name.error());
        column.name = *name;
    } else {
        config::MapReader map(node, errors);
        column.name = map.requireText("name");
        column.at = map.text("at", "");
        column.width = static_cast<std::size_t>(map.integer("width", 0, {0, 65536}));
        map.finish();
    }
    spec.columns.push_back(std::move(column));
}

char oneByte(config::MapReader& map, std::string_view key, char fallback) {
    const std::string text = map.text(key, std::string(1, fallback));
    if (text.size() == 1 && text[0] != '\n' && static_cast<unsigned char>(text[0]) < 0x80) return text[0];
    map.complain(key, "one ASCII character is expected");
    return fallback;
}

void readCsv(config::MapReader& map, CsvOptions& csv) {
    csv.dialect.delimiter = oneByte(map, "delimiter", ',');
    const std::string quote = map.text("quote", "\"");
    if (quote == "none") {
        csv.dialect.quote = '\n';
    } else if (quote.size() == 1 && static_cast<unsigned char>(quote[0]) < 0x80) {
        csv.dialect.quote = quote[0];
    } else {
        map.complain("quote", "one ASCII character or none is expected");
    }
    csv.dialect.excelMarks = map.boolean("excel_marks", false);
    csv.header = static_cast<std::size_t>(map.integer("header", 1, {0, 1000}));
    csv.maxRecord = map.byteSize("max_record", csv.maxRecord, {64, std::uint64_t{64} << 20U});
    if (map.has("end_mark")) csv.trailer = map.requireText("end_mark");
}

void readFixed(config::MapReader& map, FormatSpec& spec) {
    spec.lines = map.choice<bool>("line_end", true, {{"newline", true}, {"none", false}});
    if (map.has("end_mark")) spec.csv.trailer = map.requireText("end_mark");
    if (!spec.charset) map.complain("charset", "fixed width needs a declared charset: it is cut by bytes");
    if (spec.columns.empty()) map.complain("columns", "fixed width needs columns, each {name, width}");
    for (const auto& column : spec.columns) {
        if (column.width == 0) map.complain("columns", "the column \"" + column.name + "\" needs a width in bytes");
    }
}

}  // namespace

std::vector<std::string> FormatSpec::names() const {
    std::vector<std::string> all;
    for (const auto& column : columns) {
        if (column.name != "-") all.push_back(column.name);  // filler of fixed width
    }
    return all;
}

FormatSpec readFormatSpec(config::MapReader& map) {
    FormatSpec spec;
    map.require("format");
    spec.kind = map.choice<Kind>("format", Kind::kJson,
                                 {{"csv", Kind::kCsv},
                                  {"fixed", Kind::kFixed},
                                  {"json", Kind::kJson},
                                  {"xml", Kind::kXml},
                                  {"excel", Kind::kExcel}});
    const std::string charset = map.text("charset", "auto");
    spec.charset = charsetFromName(charset);
    if (charset != "auto" && !spec.charset) {
        map.complain("charset", "unknown charset: auto, utf-8, gbk, gb18030, utf-16le or utf-16be is expected");
    }
    if (const auto columns = map.child("columns")) {
        if (!columns->isList()) map.complain("columns", "a list is expected");
        for (std::size_t i = 0; i < columns->size() && columns->isList(); ++i) {
            readColumn(columns->at(i), spec, map.errors());
        }
    }
    const bool sparse = spec.kind == Kind::kJson || spec.kind == Kind::kXml;
    const std::string extra = map.text("extra", sparse && !spec.columns.empty() ? "ignore" : "refuse");
    if (extra != "ignore" && extra != "refuse") map.complain("extra", "ignore or refuse is expected");
    spec.extra = extra == "ignore";
    if (sparse) spec.records = map.text("records", "");
    if (spec.kind == Kind::kCsv) readCsv(map, spec.csv);
    if (spec.kind == Kind::kFixed) readFixed(map, spec);
    if (spec.kind == Kind::kExcel) {
        spec.sheet = map.text("sheet", "");
        spec.headerRow = static_cast<std::size_t>(map.integer("header_row", 1, {1, 10'000}));
        spec.headerRows = static_cast<std::size_t>(map.integer("header_rows", 1, {1, 10}));
    }
    spec.csv.names = spec.names();
    if (spec.kind == Kind::kCsv && spec.csv.header == 0 && spec.columns.empty()) {
        map.complain("header", "without a header line `columns` has to list the names");
    }
    spec.maxDocument = map.byteSize("max_document", spec.maxDocument, {1024, std::uint64_t{1} << 30U});
    return spec;
}

namespace {

std::vector<PathColumn> pathColumns(const FormatSpec& spec) {
    std::vector<PathColumn> columns;
    for (const auto& column : spec.columns)
        columns.push_back({column.name, column.at.empty() ? column.name : column.at});
    return columns;
}

core::Result<OpenDocument> openJson(const FormatSpec& spec, const std::string& text, std::string name) {
    if (text.starts_with('<')) {
        return documentError(name, 0, "the answer is XML or a page, not JSON: an error page? nothing of it was taken");
    }
    YIMEN_TRY(JsonDocument document, JsonDocument::parse(text, std::move(name)));
    auto reader = std::make_unique<JsonReader>(std::move(document), spec.records, pathColumns(spec));
    JsonReader* const json = reader.get();
    OpenDocument open;
    open.member = [json](const std::string& place) { return json->document().textAt(place); };
    open.records = std::move(reader);
    return open;
}

OpenDocument openXml(const FormatSpec& spec, std::string text, const std::string& name) {
    auto reader = std::make_unique<XmlReader>(std::move(text), spec.records, pathColumns(spec), name);
    XmlReader* const xml = reader.get();
    OpenDocument open;
    open.member = [xml, name](const std::string& place) { return xmlTextAt(xml->text(), place, name); };
    open.records = std::move(reader);
    return open;
}

OpenDocument openCsv(const FormatSpec& spec, std::unique_ptr<ByteSource> bytes, std::string name,
                     std::optional<Charset> declared) {
    OpenDocument open;
    auto stream = std::make_unique<TextStream>(*bytes, spec.charset, declared);
    open.bytes = std::move(bytes);
    open.records = std::make_unique<CsvReader>(std::move(stream), spec.csv, std::move(name));
    return open;
}

OpenDocument openFixed(const FormatSpec& spec, std::unique_ptr<ByteSource> bytes, std::string name) {
    FixedOptions options;
    for (const auto& column : spec.columns) options.columns.push_back({column.name, column.width});
    options.charset = spec.charset.value_or(Charset::kGbk);
    options.lines = spec.lines;
    options.trailer = spec.csv.trailer;
    OpenDocument open;
    open.records = std::make_unique<FixedReader>(std::move(bytes), std::move(options), std::move(name));
    return open;
}

}  // namespace

core::Result<OpenDocument> openDocument(const FormatSpec& spec, std::unique_ptr<ByteSource> bytes, std::string name,
                                        std::optional<Charset> declared) {
    if (spec.kind == Kind::kCsv) return openCsv(spec, std::move(bytes), std::move(name), declared);
    if (spec.kind == Kind::kFixed) return openFixed(spec, std::move(bytes), std::move(name));
    YIMEN_TRY(const std::string raw, readAllBytes(*bytes, spec.maxDocument));
    if (spec.kind == Kind::kExcel) {
        YIMEN_TRY(Grid grid, readWorkbook(raw, {spec.sheet, name, spec.charset, spec.maxDocument}));
        OpenDocument open;
        open.records =
            std::make_unique<GridReader>(std::move(grid), GridReader::Header{spec.headerRow, spec.headerRows}, name);
        return open;
    }
    YIMEN_TRY(std::string text, documentText(name, raw, spec.charset, declared));
    if (spec.kind == Kind::kXml) return openXml(spec, std::move(text), name);
    return openJson(spec, text, std::move(name));
}

}  // namespace yimen::sync
