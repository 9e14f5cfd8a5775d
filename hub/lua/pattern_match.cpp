// The matching half of Pattern; pattern.cpp compiles.
#include "lua/pattern.h"

namespace yimen::lua {

/// One attempt. Recursion is as deep as there are quantified items and captures, never as long as the subject.
struct Pattern::Run {
    const Pattern& pattern;
    std::string_view subject;
    std::int64_t& steps;
    Match& match;

    bool spend() noexcept {
        if (steps <= 0) match.outOfSteps = true;
        return --steps >= 0;
    }
    bool fits(const Item& item, std::size_t at) const noexcept {
        return at < subject.size() && item.set.has(static_cast<unsigned char>(subject[at]));
    }
    bool from(std::size_t index, std::size_t at) noexcept;
    bool lazily(const Item& item, std::size_t index, std::size_t at) noexcept;
    bool repeated(const Item& item, std::size_t index, std::size_t at) noexcept;
    bool captured(const Item& item, std::size_t index, std::size_t at) noexcept;
    bool special(const Item& item, std::size_t& at) noexcept;
    bool balance(const Item& item, std::size_t& at) noexcept;
};

bool Pattern::Run::lazily(const Item& item, std::size_t index, std::size_t at) noexcept {
    for (;; ++at) {
        if (from(index + 1, at)) return true;
        if (match.outOfSteps || !spend() || !fits(item, at)) return false;
    }
}

bool Pattern::Run::repeated(const Item& item, std::size_t index, std::size_t at) noexcept {
    if (item.repeat == Repeat::kLazy) return lazily(item, index, at);
    const std::size_t least = item.repeat == Repeat::kGreedyPlus ? 1 : 0;
    const std::size_t most = item.repeat == Repeat::kMaybe ? 1 : SIZE_MAX;
    std::size_t count = 0;
    while (count < most && fits(item, at + count)) {
        if (!spend()) return false;
        ++count;
    }
    for (;; --count) {
        if (count < least) return false;
        if (from(index + 1, at + count)) return true;
        if (match.outOfSteps || !spend() || count == 0) return false;
    }
}

bool Pattern::Run::captured(const Item& item, std::size_t index, std::size_t at) noexcept {
    Capture& capture = match.captures[item.first];
    const Capture before = capture;
    if (item.kind == Kind::kOpen) {
        capture = {at, kOpen};
    } else if (item.kind == Kind::kClose) {
        capture.length = at - capture.begin;
    } else {
        capture = {at, kPosition};
    }
    if (from(index + 1, at)) return true;
    capture = before;
    return false;
}

bool Pattern::Run::balance(const Item& item, std::size_t& at) noexcept {
    if (at >= subject.size() || static_cast<std::uint8_t>(subject[at]) != item.first) return false;
    std::size_t depth = 1;
    for (std::size_t i = at + 1; i < subject.size(); ++i) {
        if (!spend()) return false;
        const auto c = static_cast<std::uint8_t>(subject[i]);
        if (c == item.second) {
            if (--depth == 0) {
                at = i + 1;
                return true;
            }
        } else if (c == item.first) {
            ++depth;
        }
    }
    return false;
}

/// Items that neither repeat nor capture; moves `at` on.
bool Pattern::Run::special(const Item& item, std::size_t& at) noexcept {
    switch (item.kind) {
        case Kind::kEnd:
            return at == subject.size();
        case Kind::kBalance:
            return balance(item, at);
        case Kind::kFrontier: {
            const auto before = at == 0 ? '\0' : subject[at - 1];
            const auto here = at < subject.size() ? subject[at] : '\0';
            return !item.set.has(static_cast<unsigned char>(before)) && item.set.has(static_cast<unsigned char>(here));
        }
        case Kind::kBack: {
            const Capture& capture = match.captures[item.first];
            if (capture.length == kPosition || capture.length == kOpen) return false;
            steps -= static_cast<std::int64_t>(capture.length / 16);
            if (subject.substr(at, capture.length) != subject.substr(capture.begin, capture.length)) return false;
            at += capture.length;
            return true;
        }
        default:
            return false;
    }
}

bool Pattern::Run::from(std::size_t index, std::size_t at) noexcept {
    for (; index < pattern.count_; ++index) {
        if (!spend()) return false;
        const Item& item = pattern.items_[index];
        if (item.kind == Kind::kSet) {
            if (item.repeat != Repeat::kOnce) return repeated(item, index, at);
            if (!fits(item, at)) return false;
            ++at;
        } else if (item.kind == Kind::kOpen || item.kind == Kind::kClose || item.kind == Kind::kPosition) {
            return captured(item, index, at);
        } else if (!special(item, at)) {
            return false;
        }
    }
    match.end = at;
    return true;
}

Pattern::Match Pattern::matchAt(std::string_view subject, std::size_t start, std::int64_t& steps) const noexcept {
    Match match;
    Run run{*this, subject, steps, match};
    match.found = run.from(0, start);
    return match;
}

}  // namespace yimen::lua
