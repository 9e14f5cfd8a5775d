#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/formats/byte_source.h"
#include "sync/formats/record_reader.h"
#include "sync/formats/text_decoder.h"

namespace yimen::sync {

struct FixedColumn {
    std::string name;  ///< "-": filler, not a column
    std::size_t width = 0;
};

struct FixedOptions {
    std::vector<FixedColumn> columns;
    Charset charset = Charset::kGbk;
    bool lines = true;                   ///< records end with LF or CRLF; else they follow each other
    std::optional<std::string> trailer;  ///< last line, "EOF {count}": must be there, with the number of records
};

/// Records of a fixed number of bytes, cut by bytes and decoded afterwards, so that Chinese text shifts nothing. A line
/// of another length, or a cell that is no text in the charset, refuses its record. Rows carry the line (or the number
/// of the record). Padding stays: the mapping trims.
class FixedReader final : public RecordReader {
public:
    /// `document` is its name for people.
    FixedReader(std::unique_ptr<ByteSource> bytes, FixedOptions options, std::string document);

    core::Result<std::vector<SourceField>> columns() override;
    core::Status bind(const std::vector<std::string>& wanted, bool extra) override;
    core::Result<bool> read(Rows& rows) override;

private:
    core::Result<std::optional<std::string_view>> next();
    core::Result<bool> more();
    core::Status take(std::string_view record, Rows& rows);
    core::Status refuse(Rows& rows, std::string why, std::string_view record);
    core::Status checkTrailer(std::string_view line);
    bool isTrailer(std::string_view line) const;
    core::Error error(std::string_view what) const { return documentError(document_, number_, what); }

    std::unique_ptr<ByteSource> bytes_;
    FixedOptions options_;
    std::string document_;
    std::size_t width_ = 0;           ///< of a record
    std::vector<std::size_t> order_;  ///< column of the record for each bound column
    std::string buffer_;
    std::size_t at_ = 0;  ///< what is consumed of it
    bool ended_ = false;
    std::uint64_t number_ = 0;  ///< of the line or record at hand
    std::uint64_t records_ = 0;
    std::size_t refused_ = 0;
    bool trailerSeen_ = false;
    std::string cell_;
};

}  // namespace yimen::sync
