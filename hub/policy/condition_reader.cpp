#include "policy/condition_reader.h"

#include <array>

#include "policy/matchers/matchers.h"

namespace yimen::policy {
namespace {

using Reader = ConditionPtr (*)(const config::YamlNode&, ReadContext&);

ConditionPtr readNot(const config::YamlNode& node, ReadContext& context) {
    ReadContext inner{context.errors, context.site, context.sources, !context.takesAway};
    ConditionPtr part = readCondition(node, inner);
    return part ? makeNot(std::move(part)) : nullptr;
}

std::vector<ConditionPtr> readParts(const config::YamlNode& node, ReadContext& context) {
    std::vector<ConditionPtr> parts;
    if (!node.isList() || node.size() == 0) {
        context.errors.add(node.error("must be a list of conditions"));
        return parts;
    }
    for (std::size_t i = 0; i < node.size(); ++i) {
        if (ConditionPtr part = readCondition(node.at(i), context)) parts.push_back(std::move(part));
    }
    return parts;
}

ConditionPtr readAll(const config::YamlNode& node, ReadContext& context) {
    auto parts = readParts(node, context);
    return parts.empty() ? nullptr : makeAll(std::move(parts));
}

ConditionPtr readAny(const config::YamlNode& node, ReadContext& context) {
    auto parts = readParts(node, context);
    return parts.empty() ? nullptr : makeAny(std::move(parts));
}

/// Every word a condition can begin with. A new matcher is one file in matchers/ and one line here.
struct Known {
    std::string_view word;
    Reader read;
};
constexpr std::array<Known, 13> kKnown{{
    {"all", readAll},
    {"any", readAny},
    {"not", readNot},
    {"person", matchers::readPerson},
    {"role", matchers::readRole},
    {"org", matchers::readOrg},
    {"post", matchers::readPost},
    {"network", matchers::readNetwork},
    {"time", matchers::readTime},
    {"assurance", matchers::readAssurance},
    {"method", matchers::readMethod},
    {"path", matchers::readPath},
    {"lua", matchers::readLua},
}};

ConditionPtr readOne(const config::YamlNode& map, const std::string& key, const config::YamlNode& node,
                     ReadContext& context) {
    std::vector<std::string_view> words;
    for (const Known& known : kKnown) {
        if (known.word == key) return known.read(node, context);
        words.push_back(known.word);
    }
    std::string message = "unknown condition \"" + key + "\"";
    const std::string_view near = config::nearestWord(key, words);
    if (!near.empty()) message += ", did you mean \"" + std::string(near) + "\"?";
    context.errors.add(map.keyError(key, message));
    return nullptr;
}

}  // namespace

std::vector<std::string> readWords(const config::YamlNode& node, ReadContext& context) {
    std::vector<std::string> words;
    const auto take = [&](const config::YamlNode& element) {
        auto word = element.text();
        if (word.ok()) {
            words.push_back(std::move(word).value());
        } else {
            context.errors.add(word.error());
        }
    };
    if (node.isList()) {
        for (std::size_t i = 0; i < node.size(); ++i) take(node.at(i));
        if (node.size() == 0) context.errors.add(node.error("the list is empty"));
    } else {
        take(node);
    }
    return words;
}

ConditionPtr readCondition(const config::YamlNode& node, ReadContext& context) {
    if (node.isList()) return readAll(node, context);
    if (!node.isMap() || node.size() == 0) {
        context.errors.add(node.error("must be a condition such as `role: clerk`"));
        return nullptr;
    }
    std::vector<ConditionPtr> parts;
    for (const auto& [key, value] : node.entries()) {
        if (ConditionPtr part = readOne(node, key, value, context)) parts.push_back(std::move(part));
    }
    return parts.empty() ? nullptr : makeAll(std::move(parts));
}

}  // namespace yimen::policy
