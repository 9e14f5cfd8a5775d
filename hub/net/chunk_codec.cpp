#include "net/chunk_codec.h"

#include <algorithm>
#include <cstring>

#include "net/char_table.h"

namespace yimen::net {
namespace {

unsigned hexValue(char c) noexcept {
    if (c <= '9') return static_cast<unsigned>(c - '0');
    return (static_cast<unsigned>(c) | 0x20U) - 'a' + 10U;
}

}  // namespace

ChunkDecoder::State ChunkDecoder::onSize(char c) noexcept {
    constexpr unsigned kMaxDigits = 15;
    if (isClass(c, kHexChar)) {
        if (++digits_ > kMaxDigits) return State::kBad;
        left_ = left_ * 16 + hexValue(c);
        return State::kSize;
    }
    if (digits_ == 0) return State::kBad;
    if (c == '\r') return State::kSizeFeed;
    return c == ';' ? State::kExtension : State::kBad;
}

ChunkDecoder::State ChunkDecoder::onExtension(char c) noexcept {
    if (c == '\r') return State::kSizeFeed;
    if (!isClass(c, kValueChar) || ++overhead_ > kMaxExtensionBytes) return State::kBad;
    return State::kExtension;
}

ChunkDecoder::State ChunkDecoder::onTrailer(char c) noexcept {
    if (state_ == State::kTrailerStart && c == '\r') return State::kEndFeed;
    if (++overhead_ > kMaxTrailerBytes) return State::kBad;
    if (state_ == State::kTrailerValue) {
        if (c == '\r') return State::kTrailerFeed;
        return isClass(c, kValueChar) ? State::kTrailerValue : State::kBad;
    }
    if (state_ == State::kTrailerName && c == ':') return State::kTrailerValue;
    return isClass(c, kTokenChar) ? State::kTrailerName : State::kBad;
}

ChunkDecoder::State ChunkDecoder::next(char c) noexcept {
    switch (state_) {
        case State::kSizeStart:
            left_ = 0;
            digits_ = 0;
            overhead_ = 0;
            return onSize(c);
        case State::kSize:
            return onSize(c);
        case State::kExtension:
            return onExtension(c);
        case State::kSizeFeed:
            if (c != '\n') return State::kBad;
            overhead_ = 0;
            return left_ == 0 ? State::kTrailerStart : State::kData;
        case State::kDataReturn:
            return c == '\r' ? State::kDataFeed : State::kBad;
        case State::kDataFeed:
            return c == '\n' ? State::kSizeStart : State::kBad;
        case State::kTrailerStart:
        case State::kTrailerName:
        case State::kTrailerValue:
            return onTrailer(c);
        case State::kTrailerFeed:
            return c == '\n' ? State::kTrailerStart : State::kBad;
        case State::kEndFeed:
            return c == '\n' ? State::kDone : State::kBad;
        case State::kData:
        case State::kDone:
        case State::kBad:
            break;
    }
    return State::kBad;
}

ChunkDecoder::Step ChunkDecoder::decode(const char* in, std::size_t length, char* out) noexcept {
    std::size_t at = 0;
    std::size_t produced = 0;
    while (at < length && state_ != State::kDone && state_ != State::kBad) {
        if (state_ == State::kData) {
            const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, length - at));
            std::memmove(out + produced, in + at, take);
            at += take;
            produced += take;
            left_ -= take;
            if (left_ == 0) state_ = State::kDataReturn;
        } else {
            state_ = next(in[at]);
            ++at;
        }
    }
    const Outcome outcome = state_ == State::kDone  ? Outcome::kDone
                            : state_ == State::kBad ? Outcome::kBad
                                                    : Outcome::kMore;
    return {outcome, at, produced};
}

std::size_t writeChunkSize(std::size_t size, char* out) noexcept {
    constexpr char kDigits[] = "0123456789abcdef";
    char reversed[16];
    std::size_t count = 0;
    do {
        reversed[count++] = kDigits[size & 15U];
        size >>= 4U;
    } while (size != 0);
    for (std::size_t i = 0; i < count; ++i) out[i] = reversed[count - 1 - i];
    out[count] = '\r';
    out[count + 1] = '\n';
    return count + 2;
}

}  // namespace yimen::net
