#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "sync/formats/byte_source.h"
#include "sync/formats/record_reader.h"

/// What the targets of the format readers share.
namespace yimen::fuzz {

/// Bytes in pieces of `step`.
class Pieces final : public sync::ByteSource {
public:
    Pieces(std::string_view text, std::size_t step) : left_(text), step_(step) {}
    core::Result<std::size_t> read(std::span<char> room) override {
        const std::size_t count = std::min({room.size(), step_, left_.size()});
        for (std::size_t i = 0; i < count; ++i) room[i] = left_[i];
        left_.remove_prefix(count);
        return count;
    }

private:
    std::string_view left_;
    std::size_t step_;
};

/// Everything a reader says, as one text to be compared.
inline std::string readAll(sync::RecordReader& reader) {
    std::string all;
    const auto columns = reader.columns();
    if (!columns.ok()) return "columns: " + columns.error().message;
    std::vector<std::string> names;
    for (const auto& column : *columns) names.push_back(column.name);
    if (const auto bound = reader.bind(names, true); !bound.ok()) return "bind: " + bound.error().message;
    sync::Batch batch;
    while (true) {
        batch.reset(names.size());
        std::vector<sync::Reject> rejected;
        sync::Rows rows{batch, rejected};
        const auto more = reader.read(rows);
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            all += std::to_string(batch.origin(row));
            for (std::size_t i = 0; i < names.size(); ++i)
                all += batch.isNull(row, i) ? "|~" : "|" + std::string(batch.text(row, i));
            all += '\n';
        }
        for (const auto& reject : rejected)
            all += std::to_string(reject.origin) + " " + reject.message + " " + reject.raw + "\n";
        if (!more.ok()) return all + more.error().message;
        if (!*more) return all;
    }
}

}  // namespace yimen::fuzz
