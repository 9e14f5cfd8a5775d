#include "http/template.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <vector>

#include "core/ascii.h"
#include "core/file.h"

// gcc 12 sees a null pointer in std::vector::insert as this header uses it; clang and the sanitizers do not.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnull-dereference"
#include <kainjow/mustache.hpp>
#pragma GCC diagnostic pop

namespace yimen::http {
namespace {

namespace fs = std::filesystem;
namespace km = kainjow::mustache;
using core::ErrorCode;
using core::Json;
using core::makeError;

constexpr std::size_t kMaxTemplateBytes = 256 * 1024;
constexpr int kMaxPartialDepth = 8;

using Dictionary = std::map<std::string, km::data, std::less<>>;

core::Result<std::string> readText(const fs::path& path) {
    return core::readFile(path.string(), kMaxTemplateBytes);
}

std::string lineAt(const std::string& file, std::string_view text, std::size_t position) {
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n') + 1;
    return file + ":" + std::to_string(line) + ": ";
}

/// One {{tag}}: what is between the braces, trimmed, and where the braces begin and end.
struct Tag {
    std::string_view inner;
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::vector<Tag> tagsOf(std::string_view text) {
    std::vector<Tag> tags;
    for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
        const std::size_t close = text.find("}}", at + 2);
        if (close == std::string_view::npos) break;
        tags.push_back({core::trim(text.substr(at + 2, close - at - 2)), at, close + 2});
        at = close + 2;
    }
    return tags;
}

km::data toData(const Json& value) {
    if (value.is_object()) {
        km::data data{km::data::type::object};
        for (const auto& [key, member] : value.items()) data.set(key, toData(member));
        return data;
    }
    if (value.is_array()) {
        km::data data{km::data::type::list};
        for (const Json& element : value) data.push_back(toData(element));
        return data;
    }
    if (value.is_boolean()) return km::data(value.get<bool>());
    // An empty text counts as false, so that {{#message}} needs no flag beside it.
    if (value.is_string() && !value.get_ref<const std::string&>().empty()) return km::data(value.get<std::string>());
    if (value.is_number()) return km::data(core::writeJson(value));
    return km::data(false);
}

/// Text and quoted attributes: & < > " ' and the backtick some old browsers take for a quote.
std::string escapeHtml(const std::string& text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '`':
                out += "&#96;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// Looks texts up in the dictionary, everything else in the data.
class PageContext final : public km::context<std::string> {
public:
    PageContext(const km::data& data, const Dictionary& texts) : km::context<std::string>(&data), texts_(texts) {}

    const km::data* get(const std::string& name) const override {
        if (name.starts_with("t.")) {
            const auto found = texts_.find(std::string_view(name).substr(2));
            return found == texts_.end() ? nullptr : &found->second;
        }
        return km::context<std::string>::get(name);
    }

private:
    const Dictionary& texts_;
};

core::Result<Dictionary> readDictionary(const fs::path& path) {
    YIMEN_TRY(const std::string text, readText(path));
    auto json = core::parseJson(text);
    if (!json.ok()) return makeError(ErrorCode::kInvalidInput, path.string() + ": " + json.error().message);
    if (!json->is_object()) return makeError(ErrorCode::kInvalidInput, path.string() + ": must be an object");
    Dictionary dictionary;
    for (const auto& [key, value] : json->items()) {
        if (!value.is_string()) {
            return makeError(ErrorCode::kInvalidInput, path.string() + ": \"" + key + "\" must be a text");
        }
        dictionary.emplace(key, km::data(value.get<std::string>()));
    }
    return dictionary;
}

core::Status sameKeys(const Dictionary& one, const Dictionary& other, const char* otherName) {
    for (const auto& [key, value] : one) {
        if (!other.contains(key)) {
            return makeError(ErrorCode::kInvalidInput, std::string(otherName) + ": lacks the text \"" + key + "\"");
        }
    }
    return {};
}

/// Puts partials in place and refuses what a page may not do.
class TemplateReader {
public:
    TemplateReader(std::map<std::string, std::string> sources, const Dictionary& texts)
        : sources_(std::move(sources)), texts_(texts) {}

    core::Result<std::string> expand(const std::string& name, int depth = 0) const {
        const auto source = sources_.find(name);
        if (source == sources_.end()) return makeError(ErrorCode::kInvalidInput, name + ".html: no such file");
        if (depth > kMaxPartialDepth) return makeError(ErrorCode::kInvalidInput, name + ".html: includes itself");
        const std::string& text = source->second;
        std::string out;
        std::size_t copied = 0;
        for (const Tag& tag : tagsOf(text)) {
            if (auto status = check(name, text, tag); !status.ok()) return status.error();
            if (!tag.inner.starts_with('>')) continue;
            YIMEN_TRY(const std::string partial, expand(std::string(core::trim(tag.inner.substr(1))), depth + 1));
            out.append(text, copied, tag.begin - copied).append(partial);
            copied = tag.end;
        }
        return out.append(text, copied);
    }

private:
    core::Status check(const std::string& name, std::string_view text, const Tag& tag) const {
        const auto bad = [&](const std::string& why) {
            return makeError(ErrorCode::kInvalidInput, lineAt(name + ".html", text, tag.begin) + why);
        };
        if (tag.inner.starts_with('{') || tag.inner.starts_with('&')) return bad("escaping cannot be switched off");
        if (tag.inner.starts_with('=')) return bad("delimiters cannot be changed");
        if (tag.inner.starts_with("t.") && !texts_.contains(tag.inner.substr(2))) {
            return bad("no text \"" + std::string(tag.inner.substr(2)) + "\" in the dictionaries");
        }
        return {};
    }

    std::map<std::string, std::string> sources_;
    const Dictionary& texts_;
};

/// A parsed page. kainjow renders through a non-const object, hence the lock.
struct Page {
    explicit Page(const std::string& text) : parsed(text) { parsed.set_custom_escape(escapeHtml); }
    km::mustache parsed;
    std::mutex mutex;
};

}  // namespace

struct Templates::Content {
    std::map<std::string, std::unique_ptr<Page>, std::less<>> pages;
    Dictionary zh;
    Dictionary en;

    const Dictionary& texts(Language language) const { return language == Language::kZh ? zh : en; }
};

Templates::Templates(std::unique_ptr<const Content> content) : content_(std::move(content)) {}
Templates::~Templates() = default;

core::Result<std::shared_ptr<const Templates>> Templates::load(const std::string& folder) {
    auto content = std::make_unique<Content>();
    YIMEN_TRY(content->zh, readDictionary(fs::path(folder) / "i18n" / "zh-CN.json"));
    YIMEN_TRY(content->en, readDictionary(fs::path(folder) / "i18n" / "en.json"));
    YIMEN_TRY_STATUS(sameKeys(content->zh, content->en, "en.json"));
    YIMEN_TRY_STATUS(sameKeys(content->en, content->zh, "zh-CN.json"));

    std::map<std::string, std::string> sources;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
        if (entry.path().extension() != ".html") continue;
        YIMEN_TRY(sources[entry.path().stem().string()], readText(entry.path()));
    }
    if (failed) return makeError(ErrorCode::kNotFound, folder + ": cannot be read", failed.message());

    const TemplateReader reader(sources, content->zh);
    for (const auto& [name, source] : sources) {
        YIMEN_TRY(const std::string text, reader.expand(name));
        try {
            auto page = std::make_unique<Page>(text);
            if (!page->parsed.is_valid()) {
                return makeError(ErrorCode::kInvalidInput, name + ".html: " + page->parsed.error_message());
            }
            content->pages.emplace(name, std::move(page));
        } catch (const std::exception& error) {
            return makeError(ErrorCode::kInvalidInput, name + ".html: cannot be parsed", error.what());
        }
    }
    return std::make_shared<const Templates>(std::move(content));
}

core::Result<std::string> Templates::render(std::string_view name, Language language, const Json& data) const {
    const auto page = content_->pages.find(name);
    if (page == content_->pages.end()) {
        return makeError(ErrorCode::kNotFound, "no page \"" + std::string(name) + "\"");
    }
    try {
        km::data values = data.is_object() ? toData(data) : km::data(km::data::type::object);
        values.set("lang", km::data(std::string(languageTag(language))));
        PageContext context(values, content_->texts(language));
        const std::lock_guard<std::mutex> lock(page->second->mutex);
        return page->second->parsed.render(context);
    } catch (const std::exception& error) {
        return makeError(ErrorCode::kInternal, "the page cannot be shown", error.what());
    }
}

std::string_view Templates::text(std::string_view key, Language language) const {
    const Dictionary& texts = content_->texts(language);
    const auto found = texts.find(key);
    return found == texts.end() ? key : std::string_view(found->second.string_value());
}

}  // namespace yimen::http
