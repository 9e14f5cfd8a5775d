#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/result.h"

/// One node of a configuration schema, as values. Inner part of this folder.
namespace yimen::plugin {

enum class SchemaType { kObject, kArray, kString, kInteger, kNumber, kBoolean, kDuration };

struct SchemaMember;

struct SchemaPart {
    SchemaType type = SchemaType::kObject;
    std::vector<SchemaMember> properties;
    std::vector<std::string> required;
    std::shared_ptr<const SchemaPart> items;
    std::vector<std::string> words;  ///< enum; empty: any
    double minimum = std::numeric_limits<double>::lowest();
    double maximum = std::numeric_limits<double>::max();
    std::size_t minLength = 0;
    std::size_t maxLength = 65536;
    std::size_t maxItems = 1024;
    std::optional<core::Json> fallback;  ///< default
    bool secret = false;
};

struct SchemaMember {
    std::string name;
    SchemaPart part;
};

/// `path` for messages. Refuses unknown keywords, keywords of another type, and more than ConfigSchema::kMaxDepth.
core::Result<SchemaPart> parseSchemaPart(const core::Json& json, const std::string& path, std::size_t depth);

}  // namespace yimen::plugin
