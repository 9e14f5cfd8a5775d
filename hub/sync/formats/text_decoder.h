#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sync/formats/charset.h"

namespace yimen::sync {

/// A byte that is no text in the charset. U+FFFD stands in its place in the output, so that a reader can take the
/// records around it; the record that holds it must not pass for good.
struct DecodeFault {
    std::uint64_t inputByte = 0;   ///< counted from 0 over all pieces
    std::uint64_t outputByte = 0;  ///< where the U+FFFD stands in the UTF-8 text
    std::uint8_t byte = 0;
};

/// Bytes of a charset to UTF-8, in pieces of any size. GBK and GB18030 by a table that is made from iconv when it is
/// first needed, four-byte sequences by iconv itself: byte for byte what iconv says, several times as fast. UTF-8 is
/// checked strictly (no surrogates, no overlong forms). One thread.
class TextDecoder {
public:
    explicit TextDecoder(Charset charset);
    ~TextDecoder();
    TextDecoder(TextDecoder&&) noexcept;
    TextDecoder& operator=(TextDecoder&&) noexcept;

    /// Bytes of output room that decode() may use for a piece, slack for wide stores included.
    static constexpr std::size_t roomFor(std::size_t bytes) noexcept { return 3 * (bytes + kMaxCarry) + 32; }

    /// Writes UTF-8 to `out` (roomFor(piece.size()) bytes) and returns how much. A character that the end of the piece
    /// cuts is kept for the next one; with `last` it is a fault.
    std::size_t decode(std::string_view piece, bool last, char* out, std::vector<DecodeFault>& faults);

    std::uint64_t inputBytes() const noexcept { return input_; }

private:
    static constexpr std::size_t kMaxCarry = 4;
    struct Run;
    class FourBytes;

    void decodeRun(Run& run, bool last, std::vector<DecodeFault>& faults);

    Charset charset_;
    std::uint64_t input_ = 0;
    std::uint64_t output_ = 0;
    std::array<char, 2 * kMaxCarry> carry_{};
    std::size_t carried_ = 0;
    std::unique_ptr<FourBytes> fourBytes_;
};

}  // namespace yimen::sync
