#include "lua/pattern.h"

#include "core/ascii.h"

namespace yimen::lua {

namespace {

bool inClass(char lower, unsigned char c) noexcept {
    const bool upperCase = c >= 'A' && c <= 'Z';
    const bool lowerCase = c >= 'a' && c <= 'z';
    const bool digit = c >= '0' && c <= '9';
    const bool graph = c > 0x20 && c < 0x7f;
    switch (lower) {
        case 'a':
            return upperCase || lowerCase;
        case 'c':
            return c < 0x20 || c == 0x7f;
        case 'd':
            return digit;
        case 'g':
            return graph;
        case 'l':
            return lowerCase;
        case 'p':
            return graph && !upperCase && !lowerCase && !digit;
        case 's':
            return c == ' ' || (c >= 9 && c <= 13);
        case 'u':
            return upperCase;
        case 'w':
            return upperCase || lowerCase || digit;
        default:
            return digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}

}  // namespace

bool Pattern::addClass(char letter, CharSet& set) noexcept {
    const char lower = core::toLower(letter);
    if (std::string_view("acdglpsuwx").find(lower) == std::string_view::npos) return false;
    for (unsigned c = 0; c < 256; ++c) {
        const auto byte = static_cast<unsigned char>(c);
        if (inClass(lower, byte) == (letter == lower)) set.add(byte);
    }
    return true;
}

const char* Pattern::add(const Item& item) noexcept {
    if (count_ == kMaxItems) return "pattern too long";
    items_[count_++] = item;
    return nullptr;
}

void Pattern::addRange(char first, char last, CharSet& set) noexcept {
    for (unsigned value = static_cast<unsigned char>(first); value <= static_cast<unsigned char>(last); ++value) {
        set.add(static_cast<unsigned char>(value));
    }
}

/// `at` stands behind '['; afterwards behind ']'.
const char* Pattern::compileSet(std::string_view source, std::size_t& at, CharSet& set) noexcept {
    const bool negated = at < source.size() && source[at] == '^';
    if (negated) ++at;
    for (bool first = true; at < source.size() && (first || source[at] != ']'); first = false) {
        const char c = source[at++];
        if (c == '%') {
            if (at == source.size()) return "malformed pattern (ends with '%')";
            const char escaped = source[at++];
            if (!addClass(escaped, set)) set.add(static_cast<unsigned char>(escaped));
        } else if (at + 1 < source.size() && source[at] == '-' && source[at + 1] != ']') {
            addRange(c, source[at + 1], set);
            at += 2;
        } else {
            set.add(static_cast<unsigned char>(c));
        }
    }
    if (at == source.size()) return "malformed pattern (missing ']')";
    ++at;
    if (negated) set.invert();
    return nullptr;
}

/// `at` stands behind '%'. Handles what is not a single character: %b, %f, %1.
const char* Pattern::compileEscape(std::string_view source, std::size_t& at) noexcept {
    Item item{};
    const char letter = source[at++];
    if (letter == 'b') {
        if (at + 2 > source.size()) return "malformed pattern (missing arguments to '%b')";
        item.kind = Kind::kBalance;
        item.first = static_cast<std::uint8_t>(source[at]);
        item.second = static_cast<std::uint8_t>(source[at + 1]);
        at += 2;
        return add(item);
    }
    if (letter == 'f') {
        if (at == source.size() || source[at] != '[') return "missing '[' after '%f' in pattern";
        ++at;
        item.kind = Kind::kFrontier;
        if (const char* fault = compileSet(source, at, item.set)) return fault;
        return add(item);
    }
    const int number = letter - '1';
    if (number < 0 || number >= captureCount_) return "invalid capture index in pattern";
    for (int i = 0; i < openCount_; ++i) {
        if (open_[static_cast<std::size_t>(i)] == number) return "invalid capture index in pattern";
    }
    item.kind = Kind::kBack;
    item.first = static_cast<std::uint8_t>(number);
    return add(item);
}

/// One single-character item with its quantifier.
const char* Pattern::compileOne(std::string_view source, std::size_t& at) noexcept {
    Item item{};
    const char c = source[at++];
    if (c == '.') {
        item.set.invert();
    } else if (c == '[') {
        if (const char* fault = compileSet(source, at, item.set)) return fault;
    } else if (c == '%') {
        const char escaped = source[at++];
        if (!addClass(escaped, item.set)) item.set.add(static_cast<unsigned char>(escaped));
    } else {
        item.set.add(static_cast<unsigned char>(c));
    }
    if (at < source.size()) {
        switch (source[at]) {
            case '*':
                item.repeat = Repeat::kGreedy;
                break;
            case '+':
                item.repeat = Repeat::kGreedyPlus;
                break;
            case '-':
                item.repeat = Repeat::kLazy;
                break;
            case '?':
                item.repeat = Repeat::kMaybe;
                break;
            default:
                return add(item);
        }
        ++at;
    }
    return add(item);
}

/// `at` stands at the parenthesis.
const char* Pattern::compileCapture(std::string_view source, std::size_t& at) noexcept {
    Item item{};
    if (source[at++] == ')') {
        if (openCount_ == 0) return "invalid pattern capture";
        item.kind = Kind::kClose;
        item.first = open_[static_cast<std::size_t>(--openCount_)];
        return add(item);
    }
    if (captureCount_ == kMaxCaptures) return "too many captures";
    item.first = static_cast<std::uint8_t>(captureCount_++);
    const bool position = at < source.size() && source[at] == ')';
    item.kind = position ? Kind::kPosition : Kind::kOpen;
    if (position) {
        ++at;
    } else {
        open_[static_cast<std::size_t>(openCount_++)] = item.first;
    }
    return add(item);
}

const char* Pattern::compile(std::string_view source) noexcept {
    count_ = 0;
    captureCount_ = 0;
    openCount_ = 0;
    std::size_t at = 0;
    anchored_ = !source.empty() && source[0] == '^';
    if (anchored_) at = 1;
    while (at < source.size()) {
        const char c = source[at];
        const char* fault = nullptr;
        if (c == '(' || c == ')') {
            fault = compileCapture(source, at);
        } else if (c == '$' && at + 1 == source.size()) {
            Item item{};
            item.kind = Kind::kEnd;
            ++at;
            fault = add(item);
        } else if (c == '%' && at + 1 == source.size()) {
            return "malformed pattern (ends with '%')";
        } else if (c == '%' && std::string_view("bf0123456789").find(source[at + 1]) != std::string_view::npos) {
            ++at;
            fault = compileEscape(source, at);
        } else {
            fault = compileOne(source, at);
        }
        if (fault != nullptr) return fault;
    }
    return openCount_ == 0 ? nullptr : "unfinished capture";
}

}  // namespace yimen::lua
