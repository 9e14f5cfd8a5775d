#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yimen::http {

/// The fields of a message, in order; names are compared without case (RFC 9110 section 5.1). A value; any thread.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields) : fields_(fields) {}

    /// The value when the field stands there exactly once; nothing when it is absent or repeated, because two parties
    /// may pick different ones.
    std::optional<std::string_view> one(std::string_view name) const;
    /// The first value, or "".
    std::string_view first(std::string_view name) const noexcept;
    std::vector<std::string_view> all(std::string_view name) const;
    bool has(std::string_view name) const noexcept;

    /// Appends. A name that is not a token or a value with a control character is dropped and logged: nothing that a
    /// handler puts into a value can begin a new line on the wire.
    void add(std::string_view name, std::string_view value);
    /// Replaces every field of that name by one.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);

    std::size_t size() const noexcept { return fields_.size(); }
    auto begin() const noexcept { return fields_.begin(); }
    auto end() const noexcept { return fields_.end(); }

private:
    std::vector<Field> fields_;
};

/// RFC 9110 section 5.6.2.
bool isToken(std::string_view text) noexcept;
/// Visible characters, spaces, tabs and bytes above 0x7F: RFC 9110 section 5.5 without leading or trailing white space.
bool isFieldValue(std::string_view text) noexcept;

}  // namespace yimen::http
