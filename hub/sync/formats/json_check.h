#pragma once

#include <memory>
#include <optional>
#include <string_view>

namespace yimen::sync {

/// Checks texts of JSON. Keeps its working memory: one per thread.
class JsonCheck {
public:
    JsonCheck();
    ~JsonCheck();
    JsonCheck(const JsonCheck&) = delete;
    JsonCheck& operator=(const JsonCheck&) = delete;

    /// The text without white space between its parts, written to `out` (as large as the text); numbers keep their
    /// spelling and members their order. The size, or nothing when it is not one valid JSON value.
    std::optional<std::size_t> compact(std::string_view text, char* out);

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace yimen::sync
