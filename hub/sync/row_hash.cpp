#include "sync/row_hash.h"

#include <xxhash.h>

#include <array>
#include <cstring>

namespace yimen::sync {

namespace {

/// Cells one after another in a small buffer with their lengths between. A full buffer is folded into the seed of the
/// next; where it is full depends on the cells alone, so equal rows give equal hashes.
class Hasher {  // NOLINT(cppcoreguidelines-pro-type-member-init): the buffer is written before it counts
public:
    void add(const Batch& rows, std::size_t row, std::size_t column) {
        const std::string_view text = rows.text(row, column);
        add(text, rows.isNull(row, column) ? -1 : static_cast<std::int64_t>(text.size()));
    }
    void add(std::string_view text, std::int64_t length) {
        if (used_ + sizeof(length) + text.size() > buffer_.size()) fold();
        std::memcpy(buffer_.data() + used_, &length, sizeof(length));
        used_ += sizeof(length);
        if (used_ + text.size() > buffer_.size()) {
            fold();
            hash_ = XXH3_64bits_withSeed(text.data(), text.size(), hash_);
            return;
        }
        if (!text.empty()) std::memcpy(buffer_.data() + used_, text.data(), text.size());
        used_ += text.size();
    }
    RowHash digest() {
        fold();
        return hash_;
    }

private:
    void fold() {
        if (used_ > 0) hash_ = XXH3_64bits_withSeed(buffer_.data(), used_, hash_);
        used_ = 0;
    }
    std::array<char, 1024> buffer_;
    std::size_t used_ = 0;
    RowHash hash_ = 0;
};

}  // namespace

RowHash rowHash(const Batch& rows, std::size_t row) {
    Hasher hasher;
    for (std::size_t column = 0; column < rows.columns(); ++column) hasher.add(rows, row, column);
    return hasher.digest();
}

RowHash keyHash(const Batch& rows, std::size_t row, std::span<const std::size_t> keys) {
    Hasher hasher;
    for (const std::size_t column : keys) hasher.add(rows, row, column);
    return hasher.digest();
}

RowHash keyHash(std::span<const std::string_view> cells) {
    Hasher hasher;
    for (const std::string_view cell : cells) hasher.add(cell, static_cast<std::int64_t>(cell.size()));
    return hasher.digest();
}

RowHash textHash(std::string_view text) {
    return XXH3_64bits(text.data(), text.size());
}

}  // namespace yimen::sync
