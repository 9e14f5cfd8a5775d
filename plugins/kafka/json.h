#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace yimen::kafka {

/// What is no JSON (RFC 8259), with where.
struct BadJson : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Walks over a JSON text and gives the values as they are written, so that a number keeps its digits. Checks all of
/// what it passes but the encoding. A value; one thread. Throws BadJson.
class JsonScanner {
public:
    static constexpr int kMaxDepth = 64;

    explicit JsonScanner(std::string_view text) : text_(text) {}

    /// The first character of the next value; '\0' at the end.
    char peek();
    /// The next value whole, as written.
    std::string_view value();
    /// Every member of the object that comes next.
    void members(const std::function<void(const std::string& name, std::string_view value)>& each);
    /// Every element of the array that comes next.
    void elements(const std::function<void(std::string_view value)>& each);
    /// Throws when anything but space follows.
    void finish();

private:
    [[noreturn]] void fail(const char* why) const;
    void expect(char wanted);
    bool take(char wanted);
    void skip(int depth);
    void skipString();
    void skipNumber();
    void digits();
    void word(std::string_view expected);

    std::string_view text_;
    std::size_t at_ = 0;
};

/// The text of a JSON string as written, quotes included.
std::string jsonUnescape(std::string_view written);

}  // namespace yimen::kafka
