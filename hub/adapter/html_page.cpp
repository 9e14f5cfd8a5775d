#include "adapter/html_page.h"

#include <gumbo.h>

#include <algorithm>
#include <memory>

#include "core/ascii.h"

namespace yimen::adapter {

namespace {

struct FreeOutput {
    void operator()(GumboOutput* output) const { gumbo_destroy_output(&kGumboDefaultOptions, output); }
};

std::string_view attribute(const GumboElement& element, const char* name) {
    const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
    return found != nullptr ? std::string_view(found->value) : std::string_view();
}

bool hasAttribute(const GumboElement& element, const char* name) {
    return gumbo_get_attribute(&element.attributes, name) != nullptr;
}

/// Children of an element node; empty for others.
const GumboVector* childrenOf(const GumboNode* node) {
    if (node->type == GUMBO_NODE_DOCUMENT) return &node->v.document.children;
    if (node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE) return &node->v.element.children;
    return nullptr;
}

const GumboNode* childAt(const GumboVector& children, unsigned index) {
    return static_cast<const GumboNode*>(children.data[index]);
}

/// All text below a node, at most `limit` bytes. Walks without recursion.
std::string textBelow(const GumboNode* root, std::size_t limit) {
    std::string out;
    std::vector<const GumboNode*> pending{root};
    while (!pending.empty() && out.size() < limit) {
        const GumboNode* node = pending.back();
        pending.pop_back();
        if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA || node->type == GUMBO_NODE_WHITESPACE) {
            out += node->v.text.text;
        }
        const GumboVector* children = childrenOf(node);
        for (unsigned i = children != nullptr ? children->length : 0; i > 0; --i) {
            pending.push_back(childAt(*children, i - 1));
        }
    }
    return out;
}

std::string optionValue(const GumboNode* option) {
    if (hasAttribute(option->v.element, "value")) return std::string(attribute(option->v.element, "value"));
    return textBelow(option, 1024);
}

bool isElement(const GumboNode* node, GumboTag tag) {
    return node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == tag;
}

/// The value a select sends: its selected option, else its first.
std::optional<std::string> selectedValue(const GumboNode* select) {
    std::optional<std::string> first;
    std::vector<const GumboNode*> pending{select};
    while (!pending.empty()) {
        const GumboNode* node = pending.back();
        pending.pop_back();
        if (isElement(node, GUMBO_TAG_OPTION)) {
            if (hasAttribute(node->v.element, "selected")) return optionValue(node);
            if (!first) first = optionValue(node);
        }
        const GumboVector* children = childrenOf(node);
        for (unsigned i = children != nullptr ? children->length : 0; i > 0; --i) {
            pending.push_back(childAt(*children, i - 1));
        }
    }
    return first;
}

/// What an input element sends as it stands.
std::optional<std::string> inputValue(const GumboElement& element) {
    const std::string type = core::lowerCase(attribute(element, "type"));
    if (type == "submit" || type == "button" || type == "image" || type == "reset" || type == "file")
        return std::nullopt;
    if (type == "checkbox" || type == "radio") {
        if (!hasAttribute(element, "checked")) return std::nullopt;
        return hasAttribute(element, "value") ? std::string(attribute(element, "value")) : std::string("on");
    }
    return std::string(attribute(element, "value"));
}

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// One part of a selector and what it asks for.
bool fits(const Attributes& attributes, std::string_view name, std::string_view wanted, bool word) {
    return std::any_of(attributes.begin(), attributes.end(), [&](const auto& attribute) {
        if (attribute.first != name) return false;
        if (!word) return attribute.second == wanted;
        const std::string padded = " " + attribute.second + " ";
        return padded.find(" " + std::string(wanted) + " ") != std::string::npos;
    });
}

/// "#id", ".word" and "[name=value]", one behind the other.
bool fitsAll(const Attributes& attributes, std::string_view parts) {
    while (!parts.empty()) {
        const char mark = parts.front();
        const auto end = std::min(parts.find_first_of(mark == '[' ? "]" : "#.[", 1), parts.size());
        const auto part = parts.substr(1, end - 1);
        parts.remove_prefix(std::min(mark == '[' ? end + 1 : end, parts.size()));
        const auto equals = mark == '[' ? part.find('=') : std::string_view::npos;
        if (mark != '[') {
            if (!fits(attributes, mark == '#' ? "id" : "class", part, mark == '.')) return false;
        } else if (equals == std::string_view::npos ||
                   !fits(attributes, part.substr(0, equals), part.substr(equals + 1), false)) {
            return false;
        }
    }
    return true;
}

}  // namespace

/// Walks a parsed tree once, in document order, without recursion.
class PageReader {
public:
    explicit PageReader(HtmlPage& page) : page_(page) {}

    void read(const GumboNode* root) {
        std::vector<std::pair<const GumboNode*, std::size_t>> pending{{root, kNoForm}};
        while (!pending.empty()) {
            auto [node, form] = pending.back();
            pending.pop_back();
            if (node->type == GUMBO_NODE_ELEMENT) form = take(node, form);
            const GumboVector* children = childrenOf(node);
            for (unsigned i = children != nullptr ? children->length : 0; i > 0; --i) {
                pending.emplace_back(childAt(*children, i - 1), form);
            }
        }
    }

private:
    static constexpr std::size_t kNoForm = SIZE_MAX;
    static constexpr std::size_t kMaxTextBytes = 4096;

    std::size_t take(const GumboNode* node, std::size_t form) {
        const GumboElement& element = node->v.element;
        keep(node);
        if (element.tag == GUMBO_TAG_FORM) {
            const bool post = core::equalIgnoreCase(attribute(element, "method"), "post");
            page_.forms_.push_back({std::string(attribute(element, "action")), post ? "POST" : "GET", {}, {}});
            return page_.forms_.size() - 1;
        }
        if (form == kNoForm) form = ownerOf(element);
        if (form != kNoForm) takeControl(node, page_.forms_[form]);
        return form;
    }

    /// Broken pages close a form early (a form inside a table): libgumbo then leaves the controls outside. They belong
    /// to the last form, as browsers have it.
    std::size_t ownerOf(const GumboElement& element) const {
        const bool control =
            element.tag == GUMBO_TAG_INPUT || element.tag == GUMBO_TAG_SELECT || element.tag == GUMBO_TAG_TEXTAREA;
        return control && !page_.forms_.empty() ? page_.forms_.size() - 1 : kNoForm;
    }

    static void takeControl(const GumboNode* node, HtmlForm& form) {
        const GumboElement& element = node->v.element;
        const std::string name(attribute(element, "name"));
        std::optional<std::string> value;
        switch (element.tag) {
            case GUMBO_TAG_INPUT:
                value = inputValue(element);
                break;
            case GUMBO_TAG_SELECT:
                value = selectedValue(node);
                break;
            case GUMBO_TAG_TEXTAREA:
                value = textBelow(node, HtmlPage::kMaxBytes);
                break;
            case GUMBO_TAG_BUTTON:
                break;
            default:
                return;
        }
        if (name.empty()) return;
        form.names.push_back(name);
        if (value && !hasAttribute(element, "disabled")) form.inputs.push_back({name, std::move(*value)});
    }

    void keep(const GumboNode* node) {
        const GumboElement& element = node->v.element;
        HtmlPage::Element kept;
        kept.tag = gumbo_normalized_tagname(element.tag);
        for (unsigned i = 0; i < element.attributes.length; ++i) {
            const auto* item = static_cast<const GumboAttribute*>(element.attributes.data[i]);
            if (std::string_view(item->value).size() <= kMaxTextBytes)
                kept.attributes.emplace_back(item->name, item->value);
        }
        if (!kept.attributes.empty() || kept.tag == "title") {
            kept.text = textBelow(node, kMaxTextBytes);
            page_.elements_.push_back(std::move(kept));
        }
    }

    HtmlPage& page_;
};

bool HtmlForm::hasControl(std::string_view name) const noexcept {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<std::string_view> HtmlForm::value(std::string_view name) const noexcept {
    for (const auto& input : inputs) {
        if (input.name == name) return input.value;
    }
    return std::nullopt;
}

void HtmlForm::set(std::string_view name, std::string value) {
    for (auto& input : inputs) {
        if (input.name == name) {
            input.value = std::move(value);
            return;
        }
    }
    inputs.push_back({std::string(name), std::move(value)});
}

core::Result<HtmlPage> HtmlPage::parse(std::string_view utf8) {
    const auto tags = static_cast<std::size_t>(std::count(utf8.begin(), utf8.end(), '<'));
    if (utf8.size() > kMaxBytes || tags > kMaxTags) {
        return core::makeError(core::ErrorCode::kTooLarge, "page passes HtmlPage::kMaxBytes or kMaxTags");
    }
    const std::unique_ptr<GumboOutput, FreeOutput> output(
        gumbo_parse_with_options(&kGumboDefaultOptions, utf8.data(), utf8.size()));
    if (!output) return core::makeError(core::ErrorCode::kInternal, "no memory for a page");
    HtmlPage page;
    PageReader(page).read(output->document);
    return page;
}

const HtmlForm* HtmlPage::formWith(std::string_view control) const noexcept {
    for (const auto& form : forms_) {
        if (form.hasControl(control)) return &form;
    }
    return nullptr;
}

std::optional<std::string> HtmlPage::textOf(std::string_view selector) const {
    const auto tagEnd = std::min(selector.find_first_of("#.["), selector.size());
    const auto tag = selector.substr(0, tagEnd);
    for (const auto& element : elements_) {
        if ((tag.empty() || element.tag == tag) && fitsAll(element.attributes, selector.substr(tagEnd))) {
            return element.text;
        }
    }
    return std::nullopt;
}

}  // namespace yimen::adapter
