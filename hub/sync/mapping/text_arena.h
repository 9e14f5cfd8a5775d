#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace yimen::sync::mapping {

/// A cell on its way: null when data() is nullptr, which the empty text is not.
using CellText = std::string_view;
inline constexpr CellText kNullCell{};
inline bool isNullCell(CellText cell) noexcept {
    return cell.data() == nullptr;
}
/// Not null although empty.
inline constexpr CellText kEmptyCell = "";  // NOLINT(readability-redundant-string-init): not null

/// Bytes of the texts a mapping makes. Views stay good until reset(), which keeps the memory. One thread.
class TextArena {
public:
    static constexpr std::size_t kChunk = std::size_t{256} << 10U;

    void reset() noexcept {
        chunk_ = 0;
        used_ = 0;
        large_.clear();
    }
    /// Room for `size` bytes, to be followed by commit().
    char* room(std::size_t size) {
        if (size > kChunk) {
            large_.push_back(std::make_unique<char[]>(size));
            open_ = large_.back().get();
            inChunk_ = false;
            return open_;
        }
        if (chunks_.empty() || used_ + size > kChunk) next();
        open_ = chunks_[chunk_].get() + used_;
        inChunk_ = true;
        return open_;
    }
    /// The first `size` bytes of the room are a text now.
    CellText commit(std::size_t size) noexcept {
        if (size == 0) return kEmptyCell;
        if (inChunk_) used_ += size;
        return {open_, size};
    }
    CellText copy(std::string_view text) {
        if (text.empty()) return kEmptyCell;
        std::memcpy(room(text.size()), text.data(), text.size());
        return commit(text.size());
    }

private:
    void next() {
        if (!chunks_.empty()) ++chunk_;
        if (chunk_ == chunks_.size()) chunks_.push_back(std::make_unique<char[]>(kChunk));
        used_ = 0;
    }

    std::vector<std::unique_ptr<char[]>> chunks_;
    std::vector<std::unique_ptr<char[]>> large_;
    std::size_t chunk_ = 0;
    std::size_t used_ = 0;
    char* open_ = nullptr;
    bool inChunk_ = true;
};

}  // namespace yimen::sync::mapping
