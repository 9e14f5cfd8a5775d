#include "sync/formats/fixed_reader.h"

#include <array>

#include "core/ascii.h"
#include "core/bytes.h"
#include "sync/formats/end_mark.h"

namespace yimen::sync {

FixedReader::FixedReader(std::unique_ptr<ByteSource> bytes, FixedOptions options, std::string document)
    : bytes_(std::move(bytes)), options_(std::move(options)), document_(std::move(document)) {
    for (const auto& column : options_.columns) width_ += column.width;
}

core::Result<std::vector<SourceField>> FixedReader::columns() {
    std::vector<SourceField> fields;
    for (const auto& column : options_.columns) {
        if (column.name != "-") fields.push_back({column.name, "text"});
    }
    return fields;
}

core::Status FixedReader::bind(const std::vector<std::string>& wanted, bool) {
    std::vector<std::string> names;
    for (const auto& column : options_.columns) names.push_back(column.name);
    YIMEN_TRY(order_, matchColumns(document_, names, wanted, true));
    return {};
}

core::Result<bool> FixedReader::more() {
    if (ended_) return false;
    buffer_.erase(0, at_);
    at_ = 0;
    constexpr std::size_t kPiece = 64 * std::size_t{1024};
    const std::size_t before = buffer_.size();
    buffer_.resize(before + kPiece);
    YIMEN_TRY(const std::size_t count, bytes_->read({buffer_.data() + before, kPiece}));
    buffer_.resize(before + count);
    ended_ = count == 0;
    return true;
}

/// The next line without its end, or the next record; nothing at the end of the document.
core::Result<std::optional<std::string_view>> FixedReader::next() {
    constexpr std::size_t kMaxLine = std::size_t{1} << 20U;
    while (true) {
        const std::string_view left = std::string_view(buffer_).substr(at_);
        const std::size_t end =
            options_.lines ? left.find('\n') : (left.size() >= width_ ? width_ : std::string_view::npos);
        if (end == std::string_view::npos && left.size() > kMaxLine) {
            return error("a line has more than 1 MiB: the records are not separated by line ends?");
        }
        if (end == std::string_view::npos && !ended_) {
            YIMEN_TRY([[maybe_unused]] const bool any, more());
            continue;
        }
        if (left.empty()) return std::optional<std::string_view>();
        ++number_;
        std::string_view line = left.substr(0, end);
        at_ += line.size() + (options_.lines && end != std::string_view::npos ? 1U : 0U);
        if (options_.lines && line.ends_with('\r')) line.remove_suffix(1);
        return std::optional<std::string_view>(line);
    }
}

core::Status FixedReader::refuse(Rows& rows, std::string why, std::string_view record) {
    if (++refused_ > kMaxRejected) {
        return error("more than " + std::to_string(kMaxRejected) +
                     " records could not be taken apart: check widths and charset in data.yaml; the last: " + why);
    }
    rows.rejected.push_back(formatReject(number_, std::move(why), core::toHex(core::asBytes(record))));
    return {};
}

bool FixedReader::isTrailer(std::string_view line) const {
    return options_.trailer && looksLikeEndMark(line, *options_.trailer);
}

core::Status FixedReader::checkTrailer(std::string_view line) {
    const std::string wanted = endMark(*options_.trailer, records_);
    if (core::trim(line) != wanted) {
        return error("the end mark does not say " + wanted + ": records are missing, fetch the document again");
    }
    trailerSeen_ = true;
    return {};
}

core::Status FixedReader::take(std::string_view record, Rows& rows) {
    ++records_;
    if (record.size() != width_) {
        return refuse(rows, "the record has " + std::to_string(record.size()) + " bytes, not " + std::to_string(width_),
                      record);
    }
    const std::size_t row = rows.batch.addRow(Op::kUpsert, number_);
    std::size_t from = 0;
    std::vector<DecodeFault> faults;
    for (std::size_t i = 0; i < options_.columns.size(); ++i) {
        const FixedColumn& column = options_.columns[i];
        const std::string_view bytes = record.substr(from, column.width);
        from += column.width;
        cell_.resize(TextDecoder::roomFor(bytes.size()));
        TextDecoder decoder(options_.charset);
        const std::size_t length = decoder.decode(bytes, true, cell_.data(), faults);
        bool held = true;
        for (std::size_t bound = 0; bound < order_.size(); ++bound) {
            if (order_[bound] == i) held = held && rows.batch.set(row, bound, {cell_.data(), length});
        }
        if (faults.empty() && held) continue;
        rows.batch.dropLastRow();
        if (!held) return refuse(rows, "the record is too large for a batch", record);
        return refuse(rows,
                      "byte 0x" + core::toHex({&faults[0].byte, 1}) + " at byte " +
                          std::to_string(from - column.width + faults[0].inputByte) + " of the record (column \"" +
                          column.name + "\") is not text in " + std::string(toString(options_.charset)),
                      record);
    }
    return {};
}

core::Result<bool> FixedReader::read(Rows& rows) {
    while (!rows.batch.full()) {
        YIMEN_TRY(const auto line, next());
        if (!line) {
            if (options_.trailer && !trailerSeen_) {
                return error("the end mark \"" + *options_.trailer +
                             "\" is missing: the document was cut off, fetch it again");
            }
            return false;
        }
        if (line->empty()) continue;
        if (isTrailer(*line)) {
            YIMEN_TRY_STATUS(checkTrailer(*line));
            continue;
        }
        if (trailerSeen_) return error("records stand behind the end mark");
        YIMEN_TRY_STATUS(take(*line, rows));
    }
    return true;
}

}  // namespace yimen::sync
