#pragma once

#include <emmintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace yimen::sync {

/// Finds the bytes of a text that end or open a cell (delimiter, quote, line feed), 64 at a time with SSE2, which every
/// x86-64 has. Gives them in order; the text must stay where it is. One thread.
class SpecialScanner {
public:
    static constexpr std::size_t kNone = SIZE_MAX;

    SpecialScanner(char delimiter, char quote)
        : delimiter_(_mm_set1_epi8(delimiter)), quote_(_mm_set1_epi8(quote)), feed_(_mm_set1_epi8('\n')) {}

    /// Goes on in `text` from offset `from`.
    void start(std::string_view text, std::size_t from) noexcept {
        text_ = text;
        block_ = from & ~std::size_t{63};
        mask_ = block_ < text_.size() ? maskAt(block_) & (~std::uint64_t{0} << (from & 63U)) : 0;
    }
    /// Offset of the next one, or kNone.
    std::size_t next() noexcept {
        while (mask_ == 0) {
            block_ += 64;
            if (block_ >= text_.size()) return kNone;
            mask_ = maskAt(block_);
        }
        const std::size_t at = block_ + static_cast<std::size_t>(__builtin_ctzll(mask_));
        mask_ &= mask_ - 1;
        return at;
    }

private:
    std::uint64_t maskAt(std::size_t block) const noexcept {
        if (block + 64 <= text_.size()) return maskOf(text_.data() + block);
        char tail[64] = {};
        std::memcpy(tail, text_.data() + block, text_.size() - block);
        return maskOf(tail) & ((std::uint64_t{1} << (text_.size() - block)) - 1);
    }
    std::uint64_t maskOf(const char* at) const noexcept {
        std::uint64_t mask = 0;
        for (unsigned i = 0; i < 4; ++i) {
            __m128i bytes;
            std::memcpy(&bytes, at + 16 * i, sizeof bytes);
            const __m128i hit =
                _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter_), _mm_cmpeq_epi8(bytes, quote_)),
                             _mm_cmpeq_epi8(bytes, feed_));
            mask |= std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(hit))} << (16 * i);
        }
        return mask;
    }

    __m128i delimiter_;
    __m128i quote_;
    __m128i feed_;
    std::string_view text_;
    std::size_t block_ = 0;
    std::uint64_t mask_ = 0;
};

}  // namespace yimen::sync
