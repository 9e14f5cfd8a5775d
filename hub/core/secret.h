#pragma once

#include <string>
#include <string_view>

namespace yimen::core {

/// A password, key or token. Has no stream operator and no implicit conversion, is wiped when it dies, and moves
/// without leaving a copy behind. Not thread-safe, like any value.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { wipe(); }

    /// The one way out. Name the reason where you call it.
    std::string_view reveal() const noexcept { return text_; }
    /// The same for C libraries, ended by a NUL; valid until the secret changes or goes. Saves the caller a copy to
    /// wipe.
    const char* revealTerminated() const noexcept { return text_.c_str(); }
    bool empty() const noexcept { return text_.empty(); }
    std::size_t size() const noexcept { return text_.size(); }

    /// Overwrites the bytes, including spare capacity, and empties the value.
    void wipe() noexcept;

private:
    std::string text_;
};

/// Overwrites a buffer in a way the optimiser may not drop.
void wipeText(std::string& text) noexcept;

}  // namespace yimen::core
