#include "config/yaml_parse.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_set>

#include "core/unicode.h"

namespace yimen::config::detail {

namespace {

YamlPosition positionOf(const YAML::Mark& mark) {
    return {static_cast<std::uint32_t>(std::max(0, mark.line)) + 1,
            static_cast<std::uint32_t>(std::max(0, mark.column)) + 1};
}

/// Builds the tree from events, so that aliases are never expanded and limits are checked while reading. After the
/// first complaint it only listens: the text is small, and an exception here would have to cross yaml-cpp.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(YamlTree& tree, const YamlLimits& limits) : tree_(tree), limits_(limits) {}

    const std::optional<core::Error>& failure() const { return failure_; }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ > 1) fail(mark, "a second document begins here: one file holds one document, remove '---'");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (accept(mark, "?", anchor)) add(mark, YamlItem::Kind::kNull);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        fail(mark, "aliases (*name) are not allowed: write the value out");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        if (!accept(mark, tag, anchor)) return;
        if (wantsKey()) {
            takeKey(mark, value);
            return;
        }
        YamlItem& item = add(mark, YamlItem::Kind::kScalar);
        item.quoted = tag == "!";
        item.scalar = value;
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        if (accept(mark, tag, anchor)) enter(mark, YamlItem::Kind::kList);
    }
    void OnSequenceEnd() override { leave(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        if (accept(mark, tag, anchor)) enter(mark, YamlItem::Kind::kMap);
    }
    void OnMapEnd() override { leave(); }

private:
    struct Open {
        std::size_t item;
        bool keyTaken = false;
        std::unordered_set<std::string> seen;
    };

    void fail(const YAML::Mark& mark, std::string_view what) {
        if (!failure_) failure_ = errorAt(tree_.file, positionOf(mark), what);
    }

    bool accept(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        if (failure_) return false;
        if (anchor != 0) {
            fail(mark, "anchors (&name) are not allowed: write the value out");
        } else if (tag != "?" && tag != "!" && !tag.empty()) {
            fail(mark, "tags (" + tag + ") are not allowed: quote a value to make it a text");
        } else if (tree_.items.size() >= limits_.maxNodes) {
            fail(mark, "more than " + std::to_string(limits_.maxNodes) + " values: split the file");
        }
        return !failure_;
    }

    bool wantsKey() const {
        return !open_.empty() && tree_.items[open_.back().item].kind == YamlItem::Kind::kMap && !open_.back().keyTaken;
    }

    void takeKey(const YAML::Mark& mark, const std::string& key) {
        if (!open_.back().seen.insert(key).second) {
            fail(mark, "the key '" + key + "' stands here a second time: keep one of the two");
            return;
        }
        YamlItem& map = tree_.items[open_.back().item];
        map.keys.push_back(key);
        map.keysAt.push_back(positionOf(mark));
        open_.back().keyTaken = true;
    }

    YamlItem& add(const YAML::Mark& mark, YamlItem::Kind kind) {
        const std::size_t index = tree_.items.size();
        YamlPosition at = positionOf(mark);
        if (wantsKey()) {
            fail(mark, "a key must be a text");
        } else if (!open_.empty()) {
            YamlItem& parent = tree_.items[open_.back().item];
            parent.children.push_back(index);
            open_.back().keyTaken = false;
            // An empty value is reported where its key stands: the parser only knows where the next one begins.
            if (kind == YamlItem::Kind::kNull && !parent.keysAt.empty()) at = parent.keysAt.back();
        }
        YamlItem& item = tree_.items.emplace_back();
        item.kind = kind;
        item.at = at;
        return item;
    }

    void enter(const YAML::Mark& mark, YamlItem::Kind kind) {
        if (open_.size() >= limits_.maxDepth) {
            fail(mark, "nested deeper than " + std::to_string(limits_.maxDepth) + " levels");
            return;
        }
        add(mark, kind);
        open_.push_back({tree_.items.size() - 1, false, {}});
    }

    void leave() {
        if (!failure_) open_.pop_back();
    }

    YamlTree& tree_;
    const YamlLimits& limits_;
    std::vector<Open> open_;
    std::optional<core::Error> failure_;
    int documents_ = 0;
};

YamlPosition positionIn(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n');
    const auto start = before.rfind('\n');
    const std::size_t column = start == std::string_view::npos ? offset : offset - start - 1;
    return {static_cast<std::uint32_t>(line) + 1, static_cast<std::uint32_t>(column) + 1};
}

/// What yaml-cpp would let pass or read differently from what a person sees.
core::Status checkBytes(std::string_view text, const std::string& file) {
    bool indentation = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '\t' && indentation) {
            return errorAt(file, positionIn(text, i), "a tab in the indentation: use spaces");
        }
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
            return errorAt(file, positionIn(text, i), "a control character: remove it");
        }
        if (byte == '\n') {
            indentation = true;
        } else if (byte != ' ' && byte != '\t') {
            indentation = false;
        }
    }
    if (!core::isValidUtf8(text)) return errorAt(file, {}, "not valid UTF-8: save the file as UTF-8");
    return {};
}

core::Status readDocuments(std::string_view text, YamlTree& tree, const YamlLimits& limits) {
    try {
        std::istringstream input{std::string(text)};
        YAML::Parser parser(input);
        TreeBuilder builder(tree, limits);
        while (!builder.failure() && parser.HandleNextDocument(builder)) {
        }
        if (builder.failure()) return *builder.failure();
        return {};
    } catch (const YAML::Exception& failure) {
        return errorAt(tree.file, positionOf(failure.mark), "not valid YAML: " + failure.msg);
    } catch (const std::exception& failure) {
        return core::makeError(core::ErrorCode::kInternal, tree.file + ": cannot be read as YAML", failure.what());
    }
}

}  // namespace

core::Error errorAt(const std::string& file, YamlPosition at, std::string_view what) {
    return core::makeError(core::ErrorCode::kInvalidInput, file + ":" + std::to_string(at.line) + ":" +
                                                               std::to_string(at.column) + ": " + std::string(what));
}

core::Result<std::shared_ptr<const YamlTree>> parseYaml(std::string_view text, const std::string& fileName,
                                                        const YamlLimits& limits) {
    if (text.size() > limits.maxBytes) {
        return core::makeError(core::ErrorCode::kTooLarge,
                               fileName + ": larger than " + std::to_string(limits.maxBytes) + " bytes");
    }
    auto tree = std::make_shared<YamlTree>();
    tree->file = fileName;
    YIMEN_TRY_STATUS(checkBytes(text, fileName));
    YIMEN_TRY_STATUS(readDocuments(text, *tree, limits));
    if (tree->items.empty()) tree->items.emplace_back();
    return std::shared_ptr<const YamlTree>(std::move(tree));
}

}  // namespace yimen::config::detail
