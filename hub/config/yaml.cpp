#include "config/yaml.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "config/yaml_parse.h"
#include "config/yaml_tree.h"
#include "core/check.h"
#include "core/file.h"

namespace yimen::config {

namespace {

using detail::YamlItem;

const YamlItem& itemOf(const std::shared_ptr<const detail::YamlTree>& tree, std::size_t index) {
    return tree->items[index];
}

std::optional<std::int64_t> readInteger(std::string_view text) {
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
    std::int64_t value = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<double> readNumber(std::string_view text) {
    const bool startsWell = !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
    double value = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!startsWell || failure != std::errc{} || rest != text.data() + text.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

/// Would another reader of YAML take this plain scalar for something else than a text?
bool looksTyped(std::string_view text) {
    constexpr std::array<std::string_view, 6> kWords{"true", "false", "null", "True", "False", "Null"};
    return std::find(kWords.begin(), kWords.end(), text) != kWords.end() || readNumber(text).has_value();
}

struct Unit {
    std::string_view name;
    std::int64_t factor;
};
constexpr std::array<Unit, 5> kTimeUnits{{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> kSizeUnits{{{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};

/// A whole number with a unit behind it, as its smallest unit; nothing when malformed or too large.
template <std::size_t N>
std::optional<std::int64_t> readScaled(std::string_view text, const std::array<Unit, N>& units) {
    const std::size_t split = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = readInteger(text.substr(0, split));
    if (!number || split == 0) return std::nullopt;
    const auto unit = text.substr(split);
    for (const auto& [name, factor] : units) {
        if (name != unit) continue;
        if (*number > std::numeric_limits<std::int64_t>::max() / factor) return std::nullopt;
        return *number * factor;
    }
    return std::nullopt;
}

}  // namespace

bool YamlNode::isMap() const noexcept {
    return itemOf(tree_, index_).kind == YamlItem::Kind::kMap;
}
bool YamlNode::isList() const noexcept {
    return itemOf(tree_, index_).kind == YamlItem::Kind::kList;
}
bool YamlNode::isScalar() const noexcept {
    return itemOf(tree_, index_).kind == YamlItem::Kind::kScalar;
}
bool YamlNode::isNull() const noexcept {
    return itemOf(tree_, index_).kind == YamlItem::Kind::kNull;
}

std::string YamlNode::where() const {
    const auto at = itemOf(tree_, index_).at;
    return tree_->file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

core::Error YamlNode::error(std::string_view what) const {
    return detail::errorAt(tree_->file, itemOf(tree_, index_).at, what);
}

core::Result<std::string> YamlNode::text() const {
    const YamlItem& item = itemOf(tree_, index_);
    if (item.kind != YamlItem::Kind::kScalar) return error("a text is expected here");
    if (!item.quoted && looksTyped(item.scalar)) {
        return error("a text is expected here: write \"" + item.scalar + "\" in quotes");
    }
    return item.scalar;
}

core::Result<std::string_view> YamlNode::plain(std::string_view wanted) const {
    const YamlItem& item = itemOf(tree_, index_);
    const std::string message = std::string(wanted) + " is expected here";
    if (item.kind != YamlItem::Kind::kScalar) return error(message);
    if (item.quoted) return error(message + ": remove the quotes");
    return std::string_view(item.scalar);
}

core::Result<std::int64_t> YamlNode::integer() const {
    YIMEN_TRY(const auto text, plain("a whole number"));
    const auto value = readInteger(text);
    if (!value) return error("a whole number is expected here, not '" + std::string(text) + "'");
    return *value;
}

core::Result<double> YamlNode::number() const {
    YIMEN_TRY(const auto text, plain("a number"));
    const auto value = readNumber(text);
    if (!value) return error("a number is expected here, not '" + std::string(text) + "'");
    return *value;
}

core::Result<bool> YamlNode::boolean() const {
    YIMEN_TRY(const auto text, plain("true or false"));
    if (text == "true") return true;
    if (text == "false") return false;
    return error("true or false is expected here, not '" + std::string(text) + "'");
}

core::Result<std::chrono::milliseconds> YamlNode::duration() const {
    YIMEN_TRY(const auto text, plain("a duration such as 30s"));
    const auto value = text == "0" ? std::optional<std::int64_t>(0) : readScaled(text, kTimeUnits);
    if (!value) {
        return error("a duration such as 250ms, 30s, 5m, 2h or 7d is expected here, not '" + std::string(text) + "'");
    }
    return std::chrono::milliseconds(*value);
}

core::Result<std::uint64_t> YamlNode::byteSize() const {
    YIMEN_TRY(const auto text, plain("a size such as 64KiB"));
    const auto value = readScaled(text, kSizeUnits);
    if (!value) {
        return error("a size such as 512, 64KiB, 16MiB or 2GiB is expected here, not '" + std::string(text) + "'");
    }
    return static_cast<std::uint64_t>(*value);
}

std::size_t YamlNode::size() const noexcept {
    return itemOf(tree_, index_).children.size();
}

YamlNode YamlNode::at(std::size_t index) const {
    YIMEN_CHECK(index < size());
    return {tree_, itemOf(tree_, index_).children[index]};
}

std::vector<std::pair<std::string, YamlNode>> YamlNode::entries() const {
    std::vector<std::pair<std::string, YamlNode>> out;
    const YamlItem& item = itemOf(tree_, index_);
    for (std::size_t i = 0; i < item.keys.size(); ++i) out.emplace_back(item.keys[i], at(i));
    return out;
}

std::optional<YamlNode> YamlNode::find(std::string_view key) const {
    const YamlItem& item = itemOf(tree_, index_);
    const auto found = std::find(item.keys.begin(), item.keys.end(), key);
    if (found == item.keys.end()) return std::nullopt;
    return at(static_cast<std::size_t>(found - item.keys.begin()));
}

core::Error YamlNode::keyError(std::string_view key, std::string_view what) const {
    const YamlItem& item = itemOf(tree_, index_);
    const auto found = std::find(item.keys.begin(), item.keys.end(), key);
    if (found == item.keys.end()) return error(what);
    return detail::errorAt(tree_->file, item.keysAt[static_cast<std::size_t>(found - item.keys.begin())], what);
}

core::Result<YamlDocument> YamlDocument::parse(std::string_view text, const std::string& fileName,
                                               const YamlLimits& limits) {
    YIMEN_TRY(auto tree, detail::parseYaml(text, fileName, limits));
    return YamlDocument(YamlNode(std::move(tree), 0));
}

core::Result<YamlDocument> YamlDocument::load(const std::string& path, const YamlLimits& limits) {
    YIMEN_TRY(const std::string text, core::readFile(path, limits.maxBytes));
    return parse(text, path, limits);
}

}  // namespace yimen::config
