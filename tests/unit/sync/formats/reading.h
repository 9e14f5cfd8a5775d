#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sync/formats/byte_source.h"
#include "sync/formats/record_reader.h"

/// What the tests of all formats share.
namespace yimen::sync::fixture {

using Table = std::vector<std::vector<std::string>>;

/// Everything a reader gave, null as "<null>".
struct Outcome {
    Table rows;
    std::vector<std::uint64_t> origins;
    std::vector<Reject> rejected;
    std::string error;
};

inline Outcome readAll(RecordReader& reader, const std::vector<std::string>& wanted, bool extra = false) {
    Outcome out;
    const auto bound = reader.bind(wanted, extra);
    if (!bound.ok()) {
        out.error = bound.error().message;
        return out;
    }
    Batch batch;
    while (true) {
        batch.reset(wanted.size());
        Rows rows{batch, out.rejected};
        const auto more = reader.read(rows);
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            std::vector<std::string> cells;
            for (std::size_t i = 0; i < batch.columns(); ++i) {
                cells.emplace_back(batch.isNull(row, i) ? "<null>" : batch.text(row, i));
            }
            out.rows.push_back(std::move(cells));
            out.origins.push_back(batch.origin(row));
        }
        if (!more.ok()) {
            out.error = more.error().message;
            return out;
        }
        if (!*more) return out;
    }
}

/// Gives a text in pieces of `step` bytes.
class SlowBytes final : public ByteSource {
public:
    SlowBytes(std::string text, std::size_t step) : text_(std::move(text)), step_(step) {}
    core::Result<std::size_t> read(std::span<char> room) override {
        const std::size_t count = std::min({room.size(), step_, text_.size() - at_});
        std::copy_n(text_.data() + at_, count, room.data());
        at_ += count;
        return count;
    }

private:
    std::string text_;
    std::size_t step_;
    std::size_t at_ = 0;
};

}  // namespace yimen::sync::fixture
