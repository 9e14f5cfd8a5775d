#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace yimen::config {

/// What a document may be at most. A name, a default and a unit for each.
struct YamlLimits {
    std::size_t maxBytes = 1024 * 1024;
    std::size_t maxDepth = 24;
    std::size_t maxNodes = 100000;
};

namespace detail {
struct YamlTree;
}

/// One node of a document: a cheap handle that keeps the document alive. Immutable, any thread.
/// Types are exact: `yes` is a text, `"5"` in quotes is a text, 1.0 is not a whole number.
class YamlNode {
public:
    bool isMap() const noexcept;
    bool isList() const noexcept;
    bool isScalar() const noexcept;
    /// Written as nothing, `~` or `null`.
    bool isNull() const noexcept;

    /// "file:line:column", counted from 1.
    std::string where() const;
    /// An Error that starts with where().
    core::Error error(std::string_view what) const;

    /// A scalar as text. Plain `true`, `12`, `null` are refused: put them in quotes where a text is meant.
    core::Result<std::string> text() const;
    /// Decimal, as plain scalar; `_` and leading zeros are refused.
    core::Result<std::int64_t> integer() const;
    core::Result<double> number() const;
    core::Result<bool> boolean() const;
    /// "250ms", "30s", "5m", "2h", "7d", or plain 0.
    core::Result<std::chrono::milliseconds> duration() const;
    /// "512", "64KiB", "16MiB", "2GiB": bytes.
    core::Result<std::uint64_t> byteSize() const;

    /// Members of a list or map; 0 for a scalar.
    std::size_t size() const noexcept;
    /// List element; `index` < size().
    YamlNode at(std::size_t index) const;
    /// The members of a map in document order; empty for others.
    std::vector<std::pair<std::string, YamlNode>> entries() const;
    std::optional<YamlNode> find(std::string_view key) const;
    /// Where the key itself stands, for messages about keys. Only for a key the map has.
    core::Error keyError(std::string_view key, std::string_view what) const;

private:
    friend class YamlDocument;
    YamlNode(std::shared_ptr<const detail::YamlTree> tree, std::size_t index) : tree_(std::move(tree)), index_(index) {}
    core::Result<std::string_view> plain(std::string_view wanted) const;

    std::shared_ptr<const detail::YamlTree> tree_;
    std::size_t index_;
};

/// A whole YAML file, read once. Refused with file:line:column and what to do: duplicate keys, anchors and aliases,
/// tags, tabs in the indentation, a second document, invalid UTF-8, control characters, whatever passes YamlLimits.
class YamlDocument {
public:
    /// An empty text is a document whose root is null.
    static core::Result<YamlDocument> parse(std::string_view text, const std::string& fileName,
                                            const YamlLimits& limits = {});
    /// kNotFound or kUnavailable when the file cannot be read.
    static core::Result<YamlDocument> load(const std::string& path, const YamlLimits& limits = {});

    const YamlNode& root() const noexcept { return root_; }

private:
    explicit YamlDocument(YamlNode root) : root_(std::move(root)) {}
    YamlNode root_;
};

/// Collects what is wrong with a document, so that a person sees all of it at once.
class YamlErrors {
public:
    static constexpr std::size_t kMaxErrors = 100;

    void add(core::Error error);
    bool empty() const noexcept { return errors_.empty(); }
    const std::vector<core::Error>& all() const noexcept { return errors_; }
    /// Success, or one Error whose message holds every line.
    core::Status status() const;

    /// Keys a finished MapReader asked for and did not find ("file:line:column: key"): left to their defaults.
    void noteDefault(const YamlNode& map, std::string_view key);
    const std::vector<std::string>& defaulted() const noexcept { return defaulted_; }

private:
    std::vector<core::Error> errors_;
    std::vector<std::string> defaulted_;
};

template <typename T>
struct Range {
    T min = std::numeric_limits<T>::min();
    T max = std::numeric_limits<T>::max();
};

/// Reads the members of one map: each getter returns the value, or notes an error and returns the fallback. Keys are
/// tracked; finish() notes each key nobody asked for, with "did you mean". Call finish() exactly once, last.
/// Not thread-safe; `errors` must outlive it.
class MapReader {
public:
    /// A node that is not a map is noted as an error (null counts as an empty map) and reads as empty.
    MapReader(YamlNode map, YamlErrors& errors);

    bool has(std::string_view key) const;
    /// The member, marked as read; nothing when absent.
    std::optional<YamlNode> child(std::string_view key);
    /// As child; absence is noted as an error.
    std::optional<YamlNode> require(std::string_view key);

    /// For a key that must be there. Empty text after an error.
    std::string requireText(std::string_view key);
    std::string text(std::string_view key, std::string_view fallback);
    std::int64_t integer(std::string_view key, std::int64_t fallback, Range<std::int64_t> range = {});
    bool boolean(std::string_view key, bool fallback);
    std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds fallback,
                                       Range<std::int64_t> rangeMs = {0, std::numeric_limits<std::int64_t>::max()});
    std::uint64_t byteSize(std::string_view key, std::uint64_t fallback, Range<std::uint64_t> range = {});
    /// A list of texts; a missing key is an empty list.
    std::vector<std::string> texts(std::string_view key);

    /// One of a closed list of words. `names` pairs each word with its value; the error lists them.
    template <typename T>
    T choice(std::string_view key, T fallback, std::initializer_list<std::pair<std::string_view, T>> names) {
        const auto node = child(key);
        if (!node) return fallback;
        const auto word = node->text();
        if (!word.ok()) {
            errors_.add(word.error());
            return fallback;
        }
        std::vector<std::string_view> words;
        for (const auto& [name, value] : names) {
            if (name == *word) return value;
            words.push_back(name);
        }
        errors_.add(unknownWord(*node, *word, words));
        return fallback;
    }

    /// Notes an error at this map, or at the member `key` when the map has it.
    void complain(std::string_view key, std::string_view what);
    void finish();

    const YamlNode& node() const noexcept { return map_; }
    YamlErrors& errors() noexcept { return errors_; }

private:
    static core::Error unknownWord(const YamlNode& node, std::string_view word,
                                   const std::vector<std::string_view>& words);

    YamlNode map_;
    YamlErrors& errors_;
    std::vector<std::string> asked_;
};

/// The word of `candidates` nearest to `word` when it is close enough to be a slip of the finger; else empty.
std::string_view nearestWord(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace yimen::config
