#include "sync/formats/text_stream.h"

#include <cstring>

namespace yimen::sync {

TextStream::TextStream(ByteSource& bytes, std::optional<Charset> charset, std::optional<Charset> declared)
    : bytes_(bytes),
      charset_(charset),
      declared_(declared),
      input_(std::make_unique_for_overwrite<char[]>(kPieceBytes)) {}

void TextStream::makeRoom(std::size_t count) {
    if (begin_ > 0) {
        if (begin_ != end_) std::memmove(text_.get(), text_.get() + begin_, end_ - begin_);
        dropped_ += begin_;
        end_ -= begin_;
        begin_ = 0;
    }
    if (capacity_ - end_ >= count) return;
    capacity_ = std::max(capacity_ * 2, end_ + count);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
    if (end_ > 0) std::memcpy(larger.get(), text_.get(), end_);
    text_ = std::move(larger);
}

/// Fills the first piece completely, so that detection sees enough, and passes over a byte order mark.
core::Status TextStream::start(std::string_view& piece) {
    while (inputBytes_ < kPieceBytes) {
        YIMEN_TRY(const std::size_t count, bytes_.read({input_.get() + inputBytes_, kPieceBytes - inputBytes_}));
        if (count == 0) break;
        inputBytes_ += count;
    }
    piece = {input_.get(), inputBytes_};
    const DetectedCharset found = detectCharset(piece, declared_);
    if (!charset_ || found.markBytes > 0) charset_ = found.charset;
    markBytes_ = found.markBytes;
    piece.remove_prefix(found.markBytes);
    decoder_.emplace(*charset_);
    return {};
}

core::Result<bool> TextStream::more() {
    if (ended_) return false;
    std::string_view piece;
    if (!decoder_) {
        YIMEN_TRY_STATUS(start(piece));
        ended_ = inputBytes_ < kPieceBytes;
    } else {
        YIMEN_TRY(const std::size_t count, bytes_.read({input_.get(), kPieceBytes}));
        piece = {input_.get(), count};
        ended_ = count == 0;
    }
    makeRoom(TextDecoder::roomFor(piece.size()));
    end_ += decoder_->decode(piece, ended_, text_.get() + end_, faults_);
    return true;
}

std::optional<DecodeFault> TextStream::faultWithin(std::size_t count) {
    if (fault_ == faults_.size()) return std::nullopt;
    const std::uint64_t from = dropped_ + begin_;
    while (fault_ < faults_.size() && faults_[fault_].outputByte < from) ++fault_;
    if (fault_ == faults_.size()) {
        faults_.clear();
        fault_ = 0;
        return std::nullopt;
    }
    if (faults_[fault_].outputByte >= from + count) return std::nullopt;
    DecodeFault fault = faults_[fault_];
    fault.inputByte += markBytes_;
    return fault;
}

}  // namespace yimen::sync
