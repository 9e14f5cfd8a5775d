#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sync/batch.h"
#include "sync/dead_letter.h"
#include "sync/source.h"

namespace yimen::sync {

/// Where a reader puts what it read.
struct Rows {
    Batch& batch;                   ///< reset to the number of bound columns
    std::vector<Reject>& rejected;  ///< records that could not be taken apart
};

/// Records of one document (file or answer), whatever its format. One thread. Order of calls: columns(), bind() once,
/// read() until it says false. Errors of columns(), bind() and read() are about the document as a whole and say which
/// document, where and what to do; a fault of one record is in `rejected` and reading goes on.
class RecordReader {
public:
    /// Records that cannot be taken apart before a document is given up: then its form is another than declared.
    static constexpr std::size_t kMaxRejected = 1000;

    virtual ~RecordReader() = default;
    /// The columns the document has, in its own order.
    virtual core::Result<std::vector<SourceField>> columns() = 0;
    /// Fixes the columns of the rows. A column the document does not have is an error; so is one it has beside
    /// `wanted`, unless `extra` allows it.
    virtual core::Status bind(const std::vector<std::string>& wanted, bool extra) = 0;
    /// Adds rows until the batch is full. False when the document has no more.
    virtual core::Result<bool> read(Rows& rows) = 0;
};

/// Makes the error of a document: `document` is the name for people ("scenic_20261121.csv", "GET /api/list, page 3").
core::Error documentError(std::string_view document, std::uint64_t line, std::string_view what);
/// A refused record: rule "format", the record's text kept as {"_record": text} (64 KiB of it at most).
Reject formatReject(std::uint64_t origin, std::string message, std::string_view record);

/// Numbers of `wanted` in `present`. The error names every column that is missing, and every one too many unless
/// `extra`.
core::Result<std::vector<std::size_t>> matchColumns(std::string_view document, const std::vector<std::string>& present,
                                                    const std::vector<std::string>& wanted, bool extra);

}  // namespace yimen::sync
