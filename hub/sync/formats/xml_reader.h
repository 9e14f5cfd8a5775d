#pragma once

#include <string>
#include <vector>

#include "sync/formats/json_reader.h"
#include "sync/formats/record_reader.h"

namespace yimen::sync {

/// The records of an XML document (SOAP answers, RSS, CAP, WFS): the elements at a path from the root ("Envelope/Body/
/// list/row", names without prefix). A column is a child element ("info/area"), an attribute ("@id", "info/@lang") or
/// the element's own text ("."); without `columns` they are the children and attributes that occur. An element that a
/// record does not have is null, one that stands twice is given joined by line feeds. Rows carry the line they begin
/// in. Taken whole or not at all.
class XmlReader final : public RecordReader {
public:
    /// `text` is UTF-8.
    XmlReader(std::string text, std::string records, std::vector<PathColumn> columns, std::string document);

    core::Result<std::vector<SourceField>> columns() override;
    core::Status bind(const std::vector<std::string>& wanted, bool extra) override;
    core::Result<bool> read(Rows& rows) override;

    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    std::string records_;
    std::vector<PathColumn> declared_;
    std::string document_;
    Batch loaded_;
    std::size_t given_ = 0;
};

}  // namespace yimen::sync
