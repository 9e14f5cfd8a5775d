#include "plugin/schema_part.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "plugin/config_schema.h"

namespace yimen::plugin {

namespace {

using core::Json;

constexpr std::array<std::pair<std::string_view, SchemaType>, 7> kTypes{{{"object", SchemaType::kObject},
                                                                         {"array", SchemaType::kArray},
                                                                         {"string", SchemaType::kString},
                                                                         {"integer", SchemaType::kInteger},
                                                                         {"number", SchemaType::kNumber},
                                                                         {"boolean", SchemaType::kBoolean},
                                                                         {"duration", SchemaType::kDuration}}};

core::Error wrong(const std::string& path, std::string_view what) {
    return core::makeError(core::ErrorCode::kInvalidInput, path + ": " + std::string(what));
}

bool isNumeric(SchemaType type) {
    return type == SchemaType::kInteger || type == SchemaType::kNumber || type == SchemaType::kDuration;
}

/// True when `keyword` means something for `type`.
bool fits(std::string_view keyword, SchemaType type) {
    if (keyword == "type" || keyword == "description" || keyword == "title") return true;
    if (keyword == "properties" || keyword == "required") return type == SchemaType::kObject;
    if (keyword == "items" || keyword == "maxItems") return type == SchemaType::kArray;
    if (keyword == "minimum" || keyword == "maximum") return isNumeric(type);
    if (keyword == "default") return type != SchemaType::kObject;
    return type == SchemaType::kString &&
           (keyword == "enum" || keyword == "minLength" || keyword == "maxLength" || keyword == "secret");
}

core::Status readTexts(const Json& json, const std::string& path, std::vector<std::string>& out) {
    if (!json.is_array()) return wrong(path, "a list of texts is expected");
    for (const Json& one : json) {
        if (!one.is_string()) return wrong(path, "a list of texts is expected");
        out.push_back(one.get<std::string>());
    }
    return {};
}

bool defaultFits(const Json& value, SchemaType type) {
    switch (type) {
        case SchemaType::kString:
            return value.is_string();
        case SchemaType::kBoolean:
            return value.is_boolean();
        case SchemaType::kArray:
            return value.is_array();
        case SchemaType::kNumber:
            return value.is_number();
        case SchemaType::kInteger:
        case SchemaType::kDuration:
            return value.is_number_integer();
        case SchemaType::kObject:
            return false;
    }
    return false;
}

core::Status readSize(const Json& value, const std::string& path, std::size_t& out) {
    if (!value.is_number_unsigned()) return wrong(path, "a whole number from 0 is expected");
    out = value.get<std::size_t>();
    return {};
}

core::Status readKeyword(const std::string& keyword, const Json& value, const std::string& path, SchemaPart& out) {
    if (keyword == "required") return readTexts(value, path, out.required);
    if (keyword == "enum") return readTexts(value, path, out.words);
    if (keyword == "minLength") return readSize(value, path, out.minLength);
    if (keyword == "maxLength") return readSize(value, path, out.maxLength);
    if (keyword == "maxItems") return readSize(value, path, out.maxItems);
    if (keyword == "minimum" || keyword == "maximum") {
        if (!value.is_number()) return wrong(path, "a number is expected");
        (keyword == "minimum" ? out.minimum : out.maximum) = value.get<double>();
    } else if (keyword == "secret") {
        if (!value.is_boolean()) return wrong(path, "true or false is expected");
        out.secret = value.get<bool>();
    } else if (keyword == "default") {
        if (!defaultFits(value, out.type)) return wrong(path, "the default does not fit the type");
        out.fallback = value;
    }
    return {};
}

core::Status readChildren(const Json& json, const std::string& path, std::size_t depth, SchemaPart& out) {
    if (out.type == SchemaType::kArray) {
        if (!json.contains("items")) return wrong(path, "'items' is missing");
        YIMEN_TRY(SchemaPart items, parseSchemaPart(json["items"], path + ".items", depth + 1));
        if (items.secret) return wrong(path, "a secret cannot stand in a list");
        out.items = std::make_shared<const SchemaPart>(std::move(items));
    }
    if (out.type != SchemaType::kObject || !json.contains("properties")) return {};
    if (!json["properties"].is_object()) return wrong(path, "'properties' must be an object");
    for (const auto& [name, member] : json["properties"].items()) {
        YIMEN_TRY(SchemaPart part, parseSchemaPart(member, path + "." + name, depth + 1));
        out.properties.push_back({name, std::move(part)});
    }
    for (const std::string& name : out.required) {
        const bool known = std::any_of(out.properties.begin(), out.properties.end(),
                                       [&](const auto& property) { return property.name == name; });
        if (!known) return wrong(path, "'required' names '" + name + "', which is no property");
    }
    return {};
}

}  // namespace

core::Result<SchemaPart> parseSchemaPart(const Json& json, const std::string& path, std::size_t depth) {
    if (depth > ConfigSchema::kMaxDepth) return wrong(path, "nested too deeply");
    if (!json.is_object() || !json.contains("type") || !json["type"].is_string()) {
        return wrong(path, "'type' is missing");
    }
    const auto word = json["type"].get<std::string>();
    const auto type = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& one) { return one.first == word; });
    if (type == kTypes.end()) return wrong(path, "unknown type '" + word + "'");
    SchemaPart out;
    out.type = type->second;
    for (const auto& [keyword, value] : json.items()) {
        if (!fits(keyword, out.type)) return wrong(path, "'" + keyword + "' means nothing for type " + word);
        YIMEN_TRY_STATUS(readKeyword(keyword, value, path + "." + keyword, out));
    }
    YIMEN_TRY_STATUS(readChildren(json, path, depth, out));
    return out;
}

}  // namespace yimen::plugin
