#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync/formats/json_document.h"
#include "sync/formats/record_reader.h"

namespace yimen::sync {

/// A column and where it stands in a record: member names joined by '/' ("properties/id").
struct PathColumn {
    std::string name;
    std::string path;
};

/// The records of a JSON document: an array of objects, or one object. Without `columns` they are the members that
/// occur in the document. A member that a record does not have is null; texts, numbers and booleans are their text,
/// arrays and objects their JSON. Rows carry the number of the record, from 1.
class JsonReader final : public RecordReader {
public:
    JsonReader(JsonDocument document, std::string records, std::vector<PathColumn> columns);

    core::Result<std::vector<SourceField>> columns() override;
    core::Status bind(const std::vector<std::string>& wanted, bool extra) override;
    core::Result<bool> read(Rows& rows) override;

    /// For errors of the transport that stand in the body.
    JsonDocument& document() noexcept { return document_; }

private:
    core::Status load();

    JsonDocument document_;
    std::string records_;
    std::vector<PathColumn> declared_;
    std::unordered_map<std::string, std::size_t> numbers_;  ///< path -> bound column
    std::vector<std::string> parents_;                      ///< paths that have columns below them
    bool extra_ = true;
    Batch loaded_;  ///< the rows of the document
    std::vector<Reject> rejected_;
    std::size_t given_ = 0;
    bool ready_ = false;
};

}  // namespace yimen::sync
