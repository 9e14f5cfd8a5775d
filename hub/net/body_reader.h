#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "net/chunk_codec.h"
#include "net/head.h"

namespace yimen::net {

/// Where a message body ends, fed with what comes from the socket. A value. Internal to net.
class BodyReader {
public:
    struct Step {
        std::size_t consumed;
        std::size_t produced;  ///< body bytes, at the start of the memory passed in
        bool bad;
    };

    void start(BodyKind kind, std::uint64_t length) noexcept {
        kind_ = kind;
        left_ = kind == BodyKind::kLength ? length : 0;
        decoder_ = ChunkDecoder();
        done_ = kind == BodyKind::kNone || (kind == BodyKind::kLength && length == 0);
    }

    /// Takes the framing off in place.
    Step take(char* data, std::size_t length) noexcept {
        if (done_) return {0, 0, false};
        if (kind_ == BodyKind::kUntilClose) return {length, length, false};
        if (kind_ == BodyKind::kLength) {
            const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, length));
            left_ -= size;
            done_ = left_ == 0;
            return {size, size, false};
        }
        const ChunkDecoder::Step step = decoder_.decode(data, length, data);
        done_ = step.outcome == ChunkDecoder::Outcome::kDone;
        return {step.consumed, step.produced, step.outcome == ChunkDecoder::Outcome::kBad};
    }

    /// The sender has closed: the end of a body that is delimited so, an error for the others.
    bool endOnClose() noexcept {
        if (kind_ == BodyKind::kUntilClose) done_ = true;
        return done_;
    }

    bool done() const noexcept { return done_; }
    BodyKind kind() const noexcept { return kind_; }
    std::uint64_t left() const noexcept { return left_; }

private:
    std::uint64_t left_ = 0;
    ChunkDecoder decoder_;
    BodyKind kind_ = BodyKind::kNone;
    bool done_ = true;
};

}  // namespace yimen::net
