#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace yimen::sync {

/// Texts of a data.yaml with places to fill: "{name}" is a value, "{name|filter}" its md5, sha1, sha256, sm3
/// (lower-case hexadecimal), base64, upper, lower, encode (percent), xml or json (escaped) form; filters can follow
/// each other. "{{" is "{", "}}" is "}". Any thread.

/// Gives the value of a name; nothing when it has none now (no cursor yet, no lower bound in a complete read).
using TextValues = std::function<std::optional<std::string>(std::string_view name)>;

/// Nothing when a value is absent: the part it belongs to is then left out. kInvalidInput for a broken text.
core::Result<std::optional<std::string>> fillText(std::string_view text, const TextValues& values);
/// The names a text asks for. kInvalidInput for a broken text or an unknown filter.
core::Result<std::vector<std::string>> textNames(std::string_view text);

}  // namespace yimen::sync
