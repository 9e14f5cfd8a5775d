#include "sync/sources/http_spec_parts.h"

#include <algorithm>
#include <array>

#include "sync/sources/request_text.h"

namespace yimen::sync {

using config::MapReader;
using config::YamlNode;

namespace {

/// Names that every request's texts may ask for.
constexpr std::array<std::string_view, 11> kNames{"page", "offset", "size",      "cursor",       "after", "from",
                                                  "to",   "token",  "timestamp", "timestamp_ms", "nonce"};

template <typename Names>
bool isOneOf(std::string_view name, const Names& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string joined(MoreNames more) {
    std::string all;
    for (const auto name : kNames) all += (all.empty() ? "" : ", ") + std::string(name);
    for (const auto name : more) all += ", " + std::string(name);
    return all;
}

}  // namespace

void checkText(const YamlNode& node, const std::string& text, MoreNames more, config::YamlErrors& errors) {
    const auto names = textNames(text);
    if (!names.ok()) return errors.add(node.error(names.error().message));
    for (const auto& name : *names) {
        if (!isOneOf(name, kNames) && !isOneOf(name, more))
            errors.add(node.error("nothing is called {" + name + "} here: " + joined(more)));
    }
}

core::Secret readSecret(MapReader& map, std::string_view key, const SecretLookup& secrets) {
    const auto node = map.require(key);
    if (!node) return {};
    const auto reference = node->text();
    if (!reference.ok()) {
        map.errors().add(reference.error());
        return {};
    }
    if (!reference->starts_with("vault:") && !reference->starts_with("env:") && !reference->starts_with("file:")) {
        map.complain(key, "a secret is named by vault:SYSTEM/ACCOUNT, env:NAME or file:PATH, never written here");
        return {};
    }
    auto secret = secrets(*reference);
    if (secret.ok()) return std::move(secret).value();
    map.complain(key, secret.error().message);
    return {};
}

std::vector<std::pair<std::string, std::string>> readPairs(MapReader& map, std::string_view key, MoreNames more) {
    std::vector<std::pair<std::string, std::string>> pairs;
    const auto node = map.child(key);
    if (!node) return pairs;
    if (!node->isMap()) map.complain(key, "a map of names to texts is expected");
    for (const auto& [name, value] : node->entries()) {
        auto text = value.text();
        if (!text.ok()) {
            if (const auto number = value.integer(); number.ok()) {
                text = std::to_string(*number);
            } else {
                map.errors().add(text.error());
                continue;
            }
        }
        checkText(value, *text, more, map.errors());
        pairs.emplace_back(name, *text);
    }
    return pairs;
}

HttpValueAt readAt(MapReader& map, std::string_view key) {
    HttpValueAt at;
    const auto node = map.child(key);
    if (!node) return at;
    if (node->isScalar()) {
        const auto text = node->text();
        if (!text.ok()) {
            map.errors().add(text.error());
        } else {
            at.member = *text;
        }
        return at;
    }
    MapReader inner(*node, map.errors());
    at.header = inner.requireText("header");
    inner.finish();
    return at;
}

HttpRequestSpec readRequest(const YamlNode& node, config::YamlErrors& errors, MoreNames more) {
    HttpRequestSpec request;
    MapReader map(node, errors);
    request.method = map.text("method", map.has("body") ? "POST" : "GET");
    request.path = map.requireText("path");
    if (const auto path = map.child("path")) checkText(*path, request.path, more, map.errors());
    if (!request.path.starts_with('/')) map.complain("path", "a path begins with /");
    request.query = readPairs(map, "query", more);
    request.fields = readPairs(map, "headers", more);
    request.body = map.text("body", "");
    if (const auto body = map.child("body")) checkText(*body, request.body, more, map.errors());
    request.bodyType = map.text("type", request.body.empty() ? "" : "application/json");
    const auto charset = charsetFromName(map.text("body_charset", "utf-8"));
    if (!charset) map.complain("body_charset", "unknown charset");
    request.bodyCharset = charset.value_or(Charset::kUtf8);
    map.finish();
    return request;
}

}  // namespace yimen::sync
