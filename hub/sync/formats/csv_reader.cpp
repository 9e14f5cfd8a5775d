#include "sync/formats/csv_reader.h"

#include <algorithm>

#include "core/bytes.h"
#include "sync/formats/end_mark.h"

namespace yimen::sync {

namespace {

/// Without white space at the ends: ASCII, no-break and ideographic.
std::string trimmedName(std::string_view name) {
    const auto strip = [&](std::string_view mark) {
        bool any = false;
        for (; name.starts_with(mark); any = true) name.remove_prefix(mark.size());
        for (; name.ends_with(mark); any = true) name.remove_suffix(mark.size());
        return any;
    };
    bool again = true;
    while (again) {
        again = false;
        for (const std::string_view mark : {" ", "\t", "\r", "\n", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"}) {
            again = strip(mark) || again;
        }
    }
    return std::string(name);
}

}  // namespace

CsvReader::CsvReader(std::unique_ptr<TextStream> stream, CsvOptions options, std::string document)
    : stream_(std::move(stream)),
      options_(std::move(options)),
      document_(std::move(document)),
      cutter_(options_.dialect) {}

/// The next record, whatever it takes to have it whole. kIncomplete: there is none.
core::Status CsvReader::cut(CsvCutter::Record& record) {
    while (true) {
        record = cutter_.next(stream_->ended());
        if (record.outcome != CsvCutter::Outcome::kIncomplete || stream_->ended()) return {};
        if (stream_->text().size() > options_.maxRecord) {
            record.outcome = CsvCutter::Outcome::kFault;
            record.fault = "the record is longer than max_record; is a quote missing?";
            return {};
        }
        YIMEN_TRY([[maybe_unused]] const bool more, stream_->more());
        cutter_.restart(stream_->text());
    }
}

/// Passes over lines before the header.
core::Status CsvReader::skipLines(std::size_t count) {
    for (std::size_t i = 0; i < count;) {
        const std::size_t end = stream_->text().find('\n');
        if (end != std::string_view::npos) {
            stream_->consume(end + 1);
            ++line_;
            ++i;
            continue;
        }
        if (stream_->ended()) return error("the document ends before its header line");
        if (stream_->text().size() > options_.maxRecord) return error("a line is longer than max_record");
        YIMEN_TRY(const bool more, stream_->more());
        static_cast<void>(more);
    }
    cutter_.restart(stream_->text());
    return {};
}

core::Result<std::vector<SourceField>> CsvReader::columns() {
    if (!started_) {
        started_ = true;
        if (options_.header == 0) {
            names_ = options_.names;
            cutter_.restart(stream_->text());
        } else {
            YIMEN_TRY_STATUS(skipLines(options_.header - 1));
            CsvCutter::Record record;
            YIMEN_TRY_STATUS(cut(record));
            if (record.outcome == CsvCutter::Outcome::kFault) return error(record.fault);
            if (record.outcome == CsvCutter::Outcome::kIncomplete) {
                return error("the document is empty: a header line was expected");
            }
            if (stream_->faultWithin(record.length)) {
                return error("the header line is not text in " + std::string(toString(stream_->charset())));
            }
            for (const Batch::Cell& cell : cutter_.cells()) {
                names_.push_back(trimmedName(record.block.substr(cell.offset, static_cast<std::size_t>(cell.length))));
                if (names_.back().empty()) names_.back() = "#" + std::to_string(names_.size());
            }
            stream_->consume(record.length);
            line_ += record.lines;
        }
    }
    auto sorted = names_;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) return error("the column \"" + *twice + "\" stands twice in the header line");
    std::vector<SourceField> fields;
    for (const auto& name : names_) fields.push_back({name, "text"});
    return fields;
}

core::Status CsvReader::bind(const std::vector<std::string>& wanted, bool extra) {
    if (const auto known = columns(); !known.ok()) return known.error();
    YIMEN_TRY(order_, matchColumns(document_, names_, wanted, extra));
    picked_.resize(order_.size());
    inOrder_ = order_.size() == names_.size();
    for (std::size_t i = 0; i < order_.size(); ++i) inOrder_ = inOrder_ && order_[i] == i;
    return {};
}

core::Status CsvReader::refuse(Rows& rows, std::string why, std::string_view text) {
    if (++refused_ > kMaxRejected) {
        return error(
            "more than " + std::to_string(kMaxRejected) +
            " records could not be taken apart: check delimiter, quote, charset and header in data.yaml; the last: " +
            why);
    }
    rows.rejected.push_back(formatReject(line_, std::move(why), text));
    return {};
}

/// Refuses the line where a damaged record begins and goes on behind it.
core::Status CsvReader::refuseLine(Rows& rows, const char* why) {
    std::size_t end = stream_->text().find('\n');
    while (end == std::string_view::npos && !stream_->ended()) {
        YIMEN_TRY(const bool more, stream_->more());
        static_cast<void>(more);
        end = stream_->text().find('\n');
    }
    const std::size_t length = end == std::string_view::npos ? stream_->text().size() : end + 1;
    ++records_;
    YIMEN_TRY_STATUS(refuse(rows, why, stream_->text().substr(0, length)));
    stream_->consume(length);
    ++line_;
    cutter_.restart(stream_->text());
    return {};
}

bool CsvReader::isTrailer(const CsvCutter::Record& record) const {
    return options_.trailer && cutter_.cells().size() == 1 && looksLikeEndMark(record.block, *options_.trailer);
}

core::Status CsvReader::checkTrailer(const CsvCutter::Record& record) {
    const std::string wanted = endMark(*options_.trailer, records_);
    const Batch::Cell cell = cutter_.cells()[0];
    if (trimmedName(record.block.substr(cell.offset, static_cast<std::size_t>(cell.length))) != wanted) {
        return error("the end mark does not say " + wanted + ": records are missing, fetch the document again");
    }
    trailerSeen_ = true;
    return {};
}

core::Status CsvReader::take(const CsvCutter::Record& record, Rows& rows) {
    const auto cells = cutter_.cells();
    if (cells.size() == 1 && cells[0].length == 0 && names_.size() > 1) return {};  // an empty line
    if (isTrailer(record)) {
        return checkTrailer(record);
    }
    if (trailerSeen_) return error("records stand behind the end mark");
    ++records_;
    const std::string_view text = stream_->text().substr(0, record.length);
    if (const auto fault = stream_->faultWithin(record.length)) {
        const std::uint8_t byte = fault->byte;
        YIMEN_TRY_STATUS(refuse(rows,
                                "byte 0x" + core::toHex({&byte, 1}) + " at byte " + std::to_string(fault->inputByte) +
                                    " of the document is not text in " + std::string(toString(stream_->charset())),
                                text));
    } else if (cells.size() != names_.size()) {
        YIMEN_TRY_STATUS(refuse(rows,
                                "the record has " + std::to_string(cells.size()) + " cells, the header has " +
                                    std::to_string(names_.size()),
                                text));
    } else {
        if (!inOrder_) {
            for (std::size_t i = 0; i < order_.size(); ++i) picked_[i] = cells[order_[i]];
        }
        if (!rows.batch.appendRow(line_, record.block, inOrder_ ? cells : std::span<const Batch::Cell>(picked_))) {
            return refuse(rows, "the record is too large for a batch", text);
        }
    }
    return {};
}

core::Result<bool> CsvReader::finish() {
    if (options_.trailer && !trailerSeen_) {
        return error("the end mark \"" + *options_.trailer + "\" is missing: the document was cut off, fetch it again");
    }
    return false;
}

core::Result<bool> CsvReader::read(Rows& rows) {
    CsvCutter::Record record;
    while (!rows.batch.full()) {
        YIMEN_TRY_STATUS(cut(record));
        if (record.outcome == CsvCutter::Outcome::kIncomplete) return finish();
        if (record.outcome == CsvCutter::Outcome::kFault) {
            YIMEN_TRY_STATUS(refuseLine(rows, record.fault));
            continue;
        }
        YIMEN_TRY_STATUS(take(record, rows));
        stream_->consume(record.length);
        line_ += record.lines;
    }
    return true;
}

}  // namespace yimen::sync
