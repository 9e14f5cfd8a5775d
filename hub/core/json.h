#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yimen::core {

/// A JSON value. Keys are kept sorted, so that output is the same every time.
using Json = nlohmann::json;

/// Strict reading: refuses duplicate keys, invalid UTF-8, comments, trailing bytes and nesting deeper than
/// `maxDepth`. The error says where. Any thread.
Result<Json> parseJson(std::string_view text, std::size_t maxDepth = 64);

/// One line, invalid UTF-8 replaced by U+FFFD rather than thrown about.
std::string writeJson(const Json& value);

/// Typed access to the members of an object: an exact type or an Error that names the JSON path. No coercion.
class JsonReader {
public:
    /// `object` must outlive the reader; `path` is shown in errors ("$" for the document).
    explicit JsonReader(const Json& object, std::string path = "$") : object_(object), path_(std::move(path)) {}

    Result<std::string> text(const char* key) const;
    Result<std::int64_t> integer(const char* key) const;
    Result<bool> boolean(const char* key) const;
    bool has(const char* key) const { return object_.is_object() && object_.contains(key); }
    /// Error when the object holds a key that is not listed.
    Status onlyKeys(std::initializer_list<std::string_view> keys) const;

private:
    Result<const Json*> member(const char* key) const;

    const Json& object_;
    std::string path_;
};

}  // namespace yimen::core
