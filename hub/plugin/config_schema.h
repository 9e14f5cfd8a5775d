#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/yaml.h"
#include "core/json.h"
#include "core/result.h"

namespace yimen::plugin {

/// A configuration that fits its plugin's schema.
struct CheckedConfig {                           // NOLINT(bugprone-exception-escape): Json declares its move noexcept
    core::Json json;                             ///< defaults filled in, secrets left out
    std::map<std::string, std::string> secrets;  ///< "source.password" -> its reference (vault:..., env:..., file:...)
};

/// What may stand in a plugin's configuration: a small part of JSON Schema, so that an author can say everything that
/// is needed and nothing that a person could not understand. Keywords: type (object, string, integer, number, boolean,
/// array, and our own: duration, which becomes milliseconds), properties, required, items, enum, minimum, maximum,
/// minLength, maxLength, maxItems, default, description, secret. An unknown keyword is an error, and so is a key of the
/// configuration that the schema does not name. A value; immutable; any thread.
class ConfigSchema {
public:
    static constexpr std::size_t kMaxText = std::size_t{256} * 1024;
    static constexpr std::size_t kMaxDepth = 8;

    ConfigSchema();
    ConfigSchema(ConfigSchema&&) noexcept;
    ConfigSchema& operator=(ConfigSchema&&) noexcept;
    ~ConfigSchema();

    /// An empty text allows nothing. The error says which part of the schema is wrong.
    static core::Result<ConfigSchema> parse(std::string_view text);

    /// `sections`: members of the outermost object with the part of the document that holds each ("source", "read").
    /// The error lists every fault with file:line:column.
    core::Result<CheckedConfig> check(const std::vector<std::pair<std::string, config::YamlNode>>& sections) const;

    /// Paths of the secrets the schema declares: "source.password".
    const std::vector<std::string>& secrets() const noexcept { return secrets_; }

    struct Part;

private:
    std::unique_ptr<Part> root_;
    std::vector<std::string> secrets_;
};

}  // namespace yimen::plugin
