#include <algorithm>

#include "config/yaml.h"

namespace yimen::config {

namespace {

/// Edits (insert, remove, change, swap of neighbours) between two words; small words only.
std::size_t editDistance(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> table((a.size() + 1) * width);
    for (std::size_t i = 0; i <= a.size(); ++i) table[i * width] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) table[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            std::size_t best = std::min({table[(i - 1) * width + j] + 1, table[i * width + j - 1] + 1,
                                         table[(i - 1) * width + j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = std::min(best, table[(i - 2) * width + j - 2] + 1);
            }
            table[i * width + j] = best;
        }
    }
    return table.back();
}

std::string quotedList(const std::vector<std::string_view>& words) {
    std::string out;
    for (const auto word : words) {
        if (!out.empty()) out += ", ";
        out += word;
    }
    return out;
}

std::string rangeText(const std::string& min, const std::string& max) {
    return "must be from " + min + " to " + max;
}

}  // namespace

std::string_view nearestWord(std::string_view word, const std::vector<std::string_view>& candidates) {
    constexpr std::size_t kLongestWord = 64;
    std::string_view best;
    std::size_t bestDistance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const auto candidate : candidates) {
        if (word.size() > kLongestWord || candidate.size() > kLongestWord) continue;
        const std::size_t distance = editDistance(word, candidate);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

void YamlErrors::add(core::Error error) {
    if (errors_.size() < kMaxErrors) errors_.push_back(std::move(error));
}

core::Status YamlErrors::status() const {
    if (errors_.empty()) return {};
    std::string message;
    for (const auto& error : errors_) {
        if (!message.empty()) message += '\n';
        message += error.message;
    }
    return core::makeError(core::ErrorCode::kInvalidInput, std::move(message));
}

void YamlErrors::noteDefault(const YamlNode& map, std::string_view key) {
    defaulted_.push_back(map.where() + ": " + std::string(key));
}

MapReader::MapReader(YamlNode map, YamlErrors& errors) : map_(std::move(map)), errors_(errors) {
    if (!map_.isMap() && !map_.isNull()) errors_.add(map_.error("a map (key: value) is expected here"));
}

bool MapReader::has(std::string_view key) const {
    return map_.find(key).has_value();
}

std::optional<YamlNode> MapReader::child(std::string_view key) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
    return map_.find(key);
}

std::optional<YamlNode> MapReader::require(std::string_view key) {
    auto node = child(key);
    if (!node && (map_.isMap() || map_.isNull())) {
        errors_.add(map_.error("the key '" + std::string(key) + "' is missing"));
    }
    return node;
}

std::string MapReader::requireText(std::string_view key) {
    const auto node = require(key);
    if (!node) return {};
    auto value = node->text();
    if (value.ok() && value->empty()) value = node->error("'" + std::string(key) + "' must not be empty");
    if (value.ok()) return std::move(value).value();
    errors_.add(value.error());
    return {};
}

std::string MapReader::text(std::string_view key, std::string_view fallback) {
    const auto node = child(key);
    if (!node) return std::string(fallback);
    auto value = node->text();
    if (value.ok()) return std::move(value).value();
    errors_.add(value.error());
    return std::string(fallback);
}

std::int64_t MapReader::integer(std::string_view key, std::int64_t fallback, Range<std::int64_t> range) {
    const auto node = child(key);
    if (!node) return fallback;
    auto value = node->integer();
    if (value.ok() && (*value < range.min || *value > range.max)) {
        value = node->error("'" + std::string(key) + "' " +
                            rangeText(std::to_string(range.min), std::to_string(range.max)));
    }
    if (value.ok()) return *value;
    errors_.add(value.error());
    return fallback;
}

bool MapReader::boolean(std::string_view key, bool fallback) {
    const auto node = child(key);
    if (!node) return fallback;
    const auto value = node->boolean();
    if (value.ok()) return *value;
    errors_.add(value.error());
    return fallback;
}

std::chrono::milliseconds MapReader::duration(std::string_view key, std::chrono::milliseconds fallback,
                                              Range<std::int64_t> rangeMs) {
    const auto node = child(key);
    if (!node) return fallback;
    auto value = node->duration();
    if (value.ok() && (value->count() < rangeMs.min || value->count() > rangeMs.max)) {
        value = node->error("'" + std::string(key) + "' " +
                            rangeText(std::to_string(rangeMs.min) + "ms", std::to_string(rangeMs.max) + "ms"));
    }
    if (value.ok()) return *value;
    errors_.add(value.error());
    return fallback;
}

std::uint64_t MapReader::byteSize(std::string_view key, std::uint64_t fallback, Range<std::uint64_t> range) {
    const auto node = child(key);
    if (!node) return fallback;
    auto value = node->byteSize();
    if (value.ok() && (*value < range.min || *value > range.max)) {
        value = node->error("'" + std::string(key) + "' " +
                            rangeText(std::to_string(range.min), std::to_string(range.max)) + " bytes");
    }
    if (value.ok()) return *value;
    errors_.add(value.error());
    return fallback;
}

std::vector<std::string> MapReader::texts(std::string_view key) {
    std::vector<std::string> out;
    const auto node = child(key);
    if (!node || node->isNull()) return out;
    if (!node->isList()) {
        errors_.add(node->error("'" + std::string(key) + "' must be a list: [a, b]"));
        return out;
    }
    for (std::size_t i = 0; i < node->size(); ++i) {
        auto value = node->at(i).text();
        if (value.ok()) {
            out.push_back(std::move(value).value());
        } else {
            errors_.add(value.error());
        }
    }
    return out;
}

void MapReader::complain(std::string_view key, std::string_view what) {
    const auto node = map_.find(key);
    errors_.add(node ? node->error(what) : map_.error(what));
}

core::Error MapReader::unknownWord(const YamlNode& node, std::string_view word,
                                   const std::vector<std::string_view>& words) {
    std::string what = "'" + std::string(word) + "' is not one of: " + quotedList(words);
    if (const auto near = nearestWord(word, words); !near.empty())
        what += " (did you mean '" + std::string(near) + "'?)";
    return node.error(what);
}

void MapReader::finish() {
    const std::vector<std::string_view> known(asked_.begin(), asked_.end());
    for (const auto& [key, value] : map_.entries()) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        std::string what = "unknown key '" + key + "'";
        if (const auto near = nearestWord(key, known); !near.empty()) {
            what += ": did you mean '" + std::string(near) + "'?";
        } else {
            what += "; known here: " + quotedList(known);
        }
        errors_.add(map_.keyError(key, what));
    }
    for (const auto key : known) {
        if (!has(key)) errors_.noteDefault(map_, key);
    }
}

}  // namespace yimen::config
