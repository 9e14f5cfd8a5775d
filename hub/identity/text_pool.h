#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace yimen::identity {

/// Keeps one copy of equal texts: 100,000 sessions come from a few hundred kinds of browser. A text that nobody uses
/// any more goes at the next cleaning. Thread-safe.
class TextPool {
public:
    using Text = std::shared_ptr<const std::string>;

    Text share(std::string_view text);
    std::size_t size() const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
        std::size_t operator()(const Text& text) const noexcept { return (*this)(std::string_view(*text)); }
    };
    struct Equal {
        using is_transparent = void;
        static std::string_view view(std::string_view text) noexcept { return text; }
        static std::string_view view(const Text& text) noexcept { return *text; }
        template <typename A, typename B>
        bool operator()(const A& a, const B& b) const noexcept {
            return view(a) == view(b);
        }
    };
    static constexpr std::size_t kFirstCleaning = 1024;

    mutable std::mutex mutex_;
    std::unordered_set<Text, Hash, Equal> texts_;
    std::size_t cleanAt_ = kFirstCleaning;
};

}  // namespace yimen::identity
