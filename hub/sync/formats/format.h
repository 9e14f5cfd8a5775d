#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/yaml.h"
#include "core/result.h"
#include "sync/formats/byte_source.h"
#include "sync/formats/charset.h"
#include "sync/formats/csv_reader.h"
#include "sync/formats/fixed_reader.h"
#include "sync/formats/json_reader.h"

namespace yimen::sync {

/// A column as data.yaml declares it.
struct ColumnSpec {
    std::string name;
    std::string at;         ///< JSON, XML: where it stands in a record; empty: `name`
    std::size_t width = 0;  ///< fixed width: bytes
};

/// The form of an item's documents: the format keys of `read:` (hub/sync/sources/README.md). A value.
struct FormatSpec {
    enum class Kind { kCsv, kFixed, kJson, kXml, kExcel };
    Kind kind = Kind::kJson;
    std::optional<Charset> charset;  ///< nothing: found by the bytes
    std::vector<ColumnSpec> columns;
    bool extra = false;   ///< columns that are not declared are left out; else they are an error
    std::string records;  ///< JSON, XML: where the records stand
    CsvOptions csv;
    bool lines = true;           ///< fixed width: records end with a line end
    std::string sheet;           ///< Excel: its name; empty: the first
    std::size_t headerRow = 1;   ///< Excel: first row of the header
    std::size_t headerRows = 1;  ///< Excel: rows of a header whose cells are merged; names are joined by '/'
    std::size_t maxDocument = std::size_t{64} << 20U;  ///< bytes of a document that is taken as a whole

    /// Names of `columns`.
    std::vector<std::string> names() const;
};

/// Reads the format keys out of `map`; faults are noted there.
FormatSpec readFormatSpec(config::MapReader& map);

/// What an open document is read through. Keeps what it reads from alive.
struct OpenDocument {
    std::unique_ptr<ByteSource> bytes;
    std::unique_ptr<RecordReader> records;
    /// A value beside the records: by JSON pointer, or by path in XML. Empty for formats without members.
    std::function<core::Result<std::optional<std::string>>(const std::string& place)> member;
};

/// `declared`: charset of the transport, a hint. `name`: the document for people.
core::Result<OpenDocument> openDocument(const FormatSpec& spec, std::unique_ptr<ByteSource> bytes, std::string name,
                                        std::optional<Charset> declared = std::nullopt);

}  // namespace yimen::sync
