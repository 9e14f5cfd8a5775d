#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace yimen::lua {

/// A compiled Lua pattern (reference manual 5.4, section 6.4.1): classes %a %c %d %g %l %p %s %u %w %x and their
/// complements, sets, '.', quantifiers * + - ?, captures, position captures, %1..%9, %b, %f, ^ and $. ASCII classes,
/// whatever the locale. Plain data without destructors, so that it may live on the stack of a C function that raises.
class Pattern {  // NOLINT(cppcoreguidelines-pro-type-member-init): items are written before they count
public:
    static constexpr std::size_t kMaxItems = 160;
    static constexpr int kMaxCaptures = 16;

    /// Null when the pattern is understood; otherwise what is wrong.
    const char* compile(std::string_view source) noexcept;
    bool anchored() const noexcept { return anchored_; }
    int captureCount() const noexcept { return captureCount_; }

    struct Capture {
        std::size_t begin;
        std::size_t length;  ///< kPosition for a position capture
    };
    static constexpr std::size_t kPosition = SIZE_MAX;
    static constexpr std::size_t kOpen = SIZE_MAX - 1;

    struct Match {
        bool found = false;
        bool outOfSteps = false;
        std::size_t end = 0;
        std::array<Capture, kMaxCaptures> captures{};
    };
    /// Tries at exactly `start`. Each comparison takes one of `steps`; at 0 the answer is outOfSteps.
    Match matchAt(std::string_view subject, std::size_t start, std::int64_t& steps) const noexcept;

private:
    enum class Kind : std::uint8_t { kSet, kOpen, kClose, kPosition, kBack, kBalance, kFrontier, kEnd };
    enum class Repeat : std::uint8_t { kOnce, kGreedy, kGreedyPlus, kLazy, kMaybe };
    struct CharSet {
        std::array<std::uint64_t, 4> bits;
        void add(unsigned char c) noexcept { bits[c >> 6] |= std::uint64_t{1} << (c & 63U); }
        bool has(unsigned char c) const noexcept { return (bits[c >> 6] >> (c & 63U) & 1U) != 0; }
        void invert() noexcept {
            for (auto& word : bits) word = ~word;
        }
    };
    struct Item {
        Kind kind;
        Repeat repeat;
        std::uint8_t first;   ///< capture number, or opening character
        std::uint8_t second;  ///< closing character
        CharSet set;
    };
    struct Run;

    const char* compileCapture(std::string_view source, std::size_t& at) noexcept;
    const char* compileEscape(std::string_view source, std::size_t& at) noexcept;
    static void addRange(char first, char last, CharSet& set) noexcept;
    const char* compileSet(std::string_view source, std::size_t& at, CharSet& set) noexcept;
    const char* compileOne(std::string_view source, std::size_t& at) noexcept;
    const char* add(const Item& item) noexcept;
    static bool addClass(char letter, CharSet& set) noexcept;

    std::array<Item, kMaxItems> items_;
    std::size_t count_ = 0;
    int captureCount_ = 0;
    std::array<std::uint8_t, kMaxCaptures> open_{};
    int openCount_ = 0;
    bool anchored_ = false;
};

}  // namespace yimen::lua
