#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <yimen/plugin.hpp>

namespace yimen::mysql {

[[noreturn]] inline void failCorrupt(const std::string& what) {
    throw sdk::Failure(YIMEN_CORRUPT, "日志事件无法解读 / an event of the binlog cannot be read: " + what);
}

/// Takes bytes apart from the front. What reaches beyond their end is a Failure (YIMEN_CORRUPT).
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : left_(bytes) {}

    std::string_view take(std::uint64_t count) {
        if (count > left_.size()) failCorrupt("it ends too early");
        const std::string_view out = left_.substr(0, count);
        left_.remove_prefix(count);
        return out;
    }
    /// A number of up to eight bytes, the lowest first.
    std::uint64_t little(std::size_t bytes) {
        std::uint64_t out = 0;
        unsigned shift = 0;
        for (const char c : take(bytes)) {
            out |= std::uint64_t{static_cast<unsigned char>(c)} << shift;
            shift += 8;
        }
        return out;
    }
    /// The same, the highest first.
    std::uint64_t big(std::size_t bytes) {
        std::uint64_t out = 0;
        for (const char c : take(bytes)) out = out << 8U | static_cast<unsigned char>(c);
        return out;
    }
    std::uint8_t byte() { return static_cast<std::uint8_t>(little(1)); }
    /// A number whose first byte says how long it is (the protocol's length-encoded integer).
    std::uint64_t packed() {
        const std::uint8_t first = byte();
        switch (first) {
            case 252:
                return little(2);
            case 253:
                return little(3);
            case 254:
                return little(8);
            case 251:
            case 255:
                failCorrupt("a packed number that is none");
            default:
                return first;
        }
    }
    std::string_view packedText() { return take(packed()); }
    std::string_view rest() { return take(left_.size()); }
    std::size_t left() const noexcept { return left_.size(); }
    bool empty() const noexcept { return left_.empty(); }

private:
    std::string_view left_;
};

/// Bit `number` of a bitmap whose lowest bit comes first.
inline bool bitAt(std::string_view bitmap, std::size_t number) {
    return (unsigned{static_cast<unsigned char>(bitmap[number / 8])} >> (number % 8) & 1U) != 0;
}

}  // namespace yimen::mysql
