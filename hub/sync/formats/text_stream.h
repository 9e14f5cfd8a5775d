#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "sync/formats/byte_source.h"
#include "sync/formats/text_decoder.h"

namespace yimen::sync {

/// A window of UTF-8 text over a source of bytes: read in pieces, decoded once, consumed from the front. One thread.
class TextStream {
public:
    static constexpr std::size_t kPieceBytes = 64 * std::size_t{1024};

    /// `charset` nothing: found by detectCharset from the first piece. `bytes` must outlive the stream.
    TextStream(ByteSource& bytes, std::optional<Charset> charset, std::optional<Charset> declared = std::nullopt);

    /// What is decoded and not consumed. Good until the next call of more().
    std::string_view text() const noexcept { return {text_.get() + begin_, end_ - begin_}; }
    /// Decodes one more piece behind text(). False when there is none.
    core::Result<bool> more();
    void consume(std::size_t count) noexcept { begin_ += count; }
    bool ended() const noexcept { return ended_; }

    /// The first byte within the next `count` bytes of text() that is no text in the charset. Forgets those before.
    std::optional<DecodeFault> faultWithin(std::size_t count);
    Charset charset() const noexcept { return charset_.value_or(Charset::kUtf8); }

private:
    core::Status start(std::string_view& piece);
    void makeRoom(std::size_t count);

    ByteSource& bytes_;
    std::optional<Charset> charset_;
    std::optional<Charset> declared_;
    std::optional<TextDecoder> decoder_;
    std::unique_ptr<char[]> input_;
    std::size_t inputBytes_ = 0;
    std::unique_ptr<char[]> text_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t dropped_ = 0;  ///< bytes of text that stood before text_[0]
    bool ended_ = false;
    std::vector<DecodeFault> faults_;
    std::size_t fault_ = 0;
    std::uint64_t markBytes_ = 0;
};

}  // namespace yimen::sync
