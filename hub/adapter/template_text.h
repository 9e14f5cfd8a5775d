#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace yimen::adapter {

/// Texts of a manifest with places to fill: "{name}" is a value, "{name|md5}" its hash in lower-case hexadecimal
/// (md5, sha1, sha256, sm3), "{name|upper}" and "{name|lower}" ASCII case, "{name|encode}" percent-encoding; filters
/// can follow each other. "{{" is "{", "}}" is "}". Any thread.

/// Gives the value of a name; nothing when there is none.
using TemplateLookup = std::function<std::optional<std::string>(std::string_view name)>;

/// kInvalidInput when a name has no value or the template is broken; the message names the name, never a value.
core::Result<std::string> expandTemplate(std::string_view text, const TemplateLookup& lookup);
/// The names a template asks for. kInvalidInput for a broken template or an unknown filter.
core::Result<std::vector<std::string>> templateNames(std::string_view text);

}  // namespace yimen::adapter
