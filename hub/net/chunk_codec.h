#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace yimen::net {

/// Reads the chunked coding (RFC 9112 section 7.1) piece by piece. Strict: CRLF only, size of 1 to 15 hexadecimal
/// digits, nothing between size and CRLF but an extension, whose content is dropped like the trailer fields.
/// Internal to net; a value.
class ChunkDecoder {
public:
    enum class Outcome { kMore, kDone, kBad };

    struct Step {
        Outcome outcome;
        std::size_t consumed;  ///< bytes of input used up; less than all only with kDone
        std::size_t produced;  ///< bytes of body written to `out`
    };

    /// Writes the body bytes found in `in` to `out`, which must hold as many bytes and may be the same memory.
    Step decode(const char* in, std::size_t length, char* out) noexcept;

    static constexpr unsigned kMaxExtensionBytes = 256;  ///< per chunk
    static constexpr unsigned kMaxTrailerBytes = 8192;   ///< all together

private:
    enum class State : std::uint8_t {
        kSizeStart,
        kSize,
        kExtension,
        kSizeFeed,
        kData,
        kDataReturn,
        kDataFeed,
        kTrailerStart,
        kTrailerName,
        kTrailerValue,
        kTrailerFeed,
        kEndFeed,
        kDone,
        kBad
    };

    State onSize(char c) noexcept;
    State onExtension(char c) noexcept;
    State onTrailer(char c) noexcept;
    State next(char c) noexcept;

    std::uint64_t left_ = 0;
    std::uint16_t overhead_ = 0;  ///< extension or trailer bytes
    std::uint8_t digits_ = 0;
    State state_ = State::kSizeStart;
};

/// "1a2b\r\n". Writes at most 18 bytes to `out`, returns how many.
std::size_t writeChunkSize(std::size_t size, char* out) noexcept;
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace yimen::net
