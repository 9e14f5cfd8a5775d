#include "plugin/config_schema.h"

#include <algorithm>
#include <array>
#include <limits>

#include "plugin/schema_part.h"

namespace yimen::plugin {

namespace {

using config::YamlErrors;
using config::YamlNode;
using core::Json;

/// Walks a document along a schema.
class Check {
public:
    explicit Check(CheckedConfig& out) : out_(out) {}

    Json value(const SchemaPart& part, const YamlNode& node, const std::string& path) {
        switch (part.type) {
            case SchemaType::kObject:
                return object(part, node, path);
            case SchemaType::kArray:
                return array(part, node, path);
            case SchemaType::kString:
                return text(part, node);
            case SchemaType::kBoolean:
                return taken(node.boolean());
            case SchemaType::kNumber:
                return number(part, node);
            case SchemaType::kInteger:
                return integer(part, node);
            case SchemaType::kDuration:
                return duration(part, node);
        }
        return nullptr;
    }

    /// Members that stand in the document, and the defaults of those that do not.
    template <typename Find>
    Json members(const SchemaPart& part, const std::string& path, const Find& find) {
        Json out = Json::object();
        for (const auto& [name, member] : part.properties) {
            const std::string inner = path.empty() ? name : path + "." + name;
            const std::optional<YamlNode> node = find(name);
            if (node && member.secret) {
                const auto reference = node->text();
                if (reference.ok())
                    out_.secrets[inner] = *reference;
                else
                    errors_.add(reference.error());
            } else if (node) {
                out[name] = value(member, *node, inner);
            } else if (member.fallback) {
                out[name] = *member.fallback;
            }
        }
        return out;
    }

    YamlErrors& errors() noexcept { return errors_; }

private:
    template <typename T>
    Json taken(const core::Result<T>& read) {
        if (read.ok()) return Json(*read);
        errors_.add(read.error());
        return nullptr;
    }

    Json object(const SchemaPart& part, const YamlNode& node, const std::string& path) {
        if (!node.isMap() && !node.isNull()) {
            errors_.add(node.error("这里应为键值表 / a map of keys is expected here"));
            return nullptr;
        }
        std::vector<std::string_view> known;
        for (const auto& [name, member] : part.properties) known.push_back(name);
        for (const auto& [key, child] : node.entries()) {
            if (std::find(known.begin(), known.end(), key) != known.end()) continue;
            if (path == "source" && key == "kind") continue;  // names the plugin itself
            const std::string_view near = config::nearestWord(key, known);
            std::string words = "插件没有这个键 / the plugin knows no key '" + key + "'";
            if (!near.empty()) words += "; did you mean '" + std::string(near) + "'?";
            errors_.add(node.keyError(key, words));
        }
        for (const std::string& name : part.required) {
            if (!node.find(name)) errors_.add(node.error("缺少必填键 / the key '" + name + "' is required"));
        }
        return members(part, path, [&node](const std::string& name) { return node.find(name); });
    }

    Json array(const SchemaPart& part, const YamlNode& node, const std::string& path) {
        Json out = Json::array();
        if (!node.isList()) {
            errors_.add(node.error("这里应为列表 / a list is expected here"));
            return out;
        }
        if (node.size() > part.maxItems) {
            errors_.add(node.error("列表过长，最多 / the list is too long, at most " + std::to_string(part.maxItems)));
            return out;
        }
        for (std::size_t i = 0; i < node.size(); ++i) out.push_back(value(*part.items, node.at(i), path));
        return out;
    }

    Json text(const SchemaPart& part, const YamlNode& node) {
        const auto read = node.text();
        if (!read.ok()) return taken(read);
        if (!part.words.empty() && std::find(part.words.begin(), part.words.end(), *read) == part.words.end()) {
            std::string all;
            for (const std::string& word : part.words) all += (all.empty() ? "" : ", ") + word;
            errors_.add(node.error("应为其中之一 / must be one of " + all));
        } else if (read->size() < part.minLength || read->size() > part.maxLength) {
            errors_.add(node.error("长度不符 / must have " + std::to_string(part.minLength) + " to " +
                                   std::to_string(part.maxLength) + " bytes"));
        }
        return *read;
    }

    Json inRange(const SchemaPart& part, const YamlNode& node, double value, Json json) {
        if (value < part.minimum || value > part.maximum) {
            errors_.add(node.error("超出范围 / must be from " + Json(part.minimum).dump() + " to " +
                                   Json(part.maximum).dump()));
        }
        return json;
    }

    Json number(const SchemaPart& part, const YamlNode& node) {
        const auto read = node.number();
        return read.ok() ? inRange(part, node, *read, *read) : taken(read);
    }

    Json integer(const SchemaPart& part, const YamlNode& node) {
        const auto read = node.integer();
        return read.ok() ? inRange(part, node, static_cast<double>(*read), *read) : taken(read);
    }

    Json duration(const SchemaPart& part, const YamlNode& node) {
        const auto read = node.duration();
        if (!read.ok()) return taken(core::Result<std::int64_t>(read.error()));
        const std::int64_t ms = read->count();
        return inRange(part, node, static_cast<double>(ms), ms);
    }

    CheckedConfig& out_;
    YamlErrors errors_;
};

void collectSecrets(const SchemaPart& part, const std::string& path, std::vector<std::string>& out) {
    for (const auto& [name, member] : part.properties) {
        const std::string inner = path.empty() ? name : path + "." + name;
        if (member.secret) out.push_back(inner);
        collectSecrets(member, inner, out);
    }
}

}  // namespace

struct ConfigSchema::Part {
    SchemaPart part;
};

ConfigSchema::ConfigSchema() = default;
ConfigSchema::ConfigSchema(ConfigSchema&&) noexcept = default;
ConfigSchema& ConfigSchema::operator=(ConfigSchema&&) noexcept = default;
ConfigSchema::~ConfigSchema() = default;

core::Result<ConfigSchema> ConfigSchema::parse(std::string_view text) {
    if (text.size() > kMaxText) {
        return core::makeError(core::ErrorCode::kTooLarge, "配置模式过长 / the configuration schema is too long");
    }
    ConfigSchema out;
    out.root_ = std::make_unique<Part>();
    if (text.empty()) return out;
    YIMEN_TRY(const Json json, core::parseJson(text));
    YIMEN_TRY(out.root_->part, parseSchemaPart(json, "$", 0));
    if (out.root_->part.type != SchemaType::kObject) {
        return core::makeError(core::ErrorCode::kInvalidInput, "$: the outermost type must be object");
    }
    collectSecrets(out.root_->part, "", out.secrets_);
    return out;
}

core::Result<CheckedConfig> ConfigSchema::check(
    const std::vector<std::pair<std::string, config::YamlNode>>& sections) const {
    CheckedConfig out;
    Check check(out);
    const auto find = [&sections](std::string_view name) -> std::optional<YamlNode> {
        for (const auto& [section, node] : sections) {
            if (section == name) return node;
        }
        return std::nullopt;
    };
    for (const auto& one : sections) {
        const std::string& section = one.first;
        const YamlNode& node = one.second;
        const auto& known = root_->part.properties;
        const bool named =
            std::any_of(known.begin(), known.end(), [&](const SchemaMember& member) { return member.name == section; });
        if (!named && node.size() > 0) {
            check.errors().add(node.error("插件不用这一节 / the plugin takes nothing under '" + section + "'"));
        }
    }
    for (const std::string& name : root_->part.required) {
        if (!find(name)) {
            check.errors().add(
                core::makeError(core::ErrorCode::kInvalidInput, "缺少这一节 / the section '" + name + "' is required"));
        }
    }
    out.json = check.members(root_->part, "", find);
    YIMEN_TRY_STATUS(check.errors().status());
    return out;
}

}  // namespace yimen::plugin
