#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/formats/csv_cutter.h"
#include "sync/formats/record_reader.h"
#include "sync/formats/text_stream.h"

namespace yimen::sync {

struct CsvOptions {
    CsvDialect dialect;
    std::size_t header = 1;              ///< line of the column names; 0: there is none, `names` has them
    std::vector<std::string> names;      ///< columns in the order of the file, when it does not say
    std::optional<std::string> trailer;  ///< last line, "EOF {count}": must be there, with the number of records
    std::size_t maxRecord = std::size_t{16} << 20U;  ///< bytes of one record
};

/// Comma-separated values in any charset. Columns are found by the names in the header line (white space around a name
/// is not part of it). Empty lines are passed over. Rows carry the line they begin in. Scientific notation and whatever
/// else a cell holds stays as it is.
class CsvReader final : public RecordReader {
public:
    /// `stream` is read from its beginning; `document` is its name for people.
    CsvReader(std::unique_ptr<TextStream> stream, CsvOptions options, std::string document);

    core::Result<std::vector<SourceField>> columns() override;
    core::Status bind(const std::vector<std::string>& wanted, bool extra) override;
    core::Result<bool> read(Rows& rows) override;

private:
    core::Status cut(CsvCutter::Record& record);
    core::Status skipLines(std::size_t count);
    core::Status take(const CsvCutter::Record& record, Rows& rows);
    core::Status refuse(Rows& rows, std::string why, std::string_view text);
    core::Status refuseLine(Rows& rows, const char* why);
    bool isTrailer(const CsvCutter::Record& record) const;
    core::Status checkTrailer(const CsvCutter::Record& record);
    core::Result<bool> finish();
    core::Error error(std::string_view what) const { return documentError(document_, line_, what); }

    std::unique_ptr<TextStream> stream_;
    CsvOptions options_;
    std::string document_;
    CsvCutter cutter_;
    std::vector<std::string> names_;
    std::vector<std::size_t> order_;  ///< column of the file for each bound column
    bool inOrder_ = false;            ///< order_ is 0, 1, 2, ... over all columns
    std::vector<Batch::Cell> picked_;
    std::uint64_t line_ = 1;  ///< of the record that comes next
    std::uint64_t records_ = 0;
    std::size_t refused_ = 0;
    bool trailerSeen_ = false;
    bool started_ = false;
};

}  // namespace yimen::sync
