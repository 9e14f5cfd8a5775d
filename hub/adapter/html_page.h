#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace yimen::adapter {

/// One value a form would send as it stands: hidden and text inputs, checked boxes, the chosen option of a select,
/// text areas. Buttons are left out.
struct FormInput {
    std::string name;
    std::string value;
};

struct HtmlForm {
    std::string action;  ///< as written; empty: the page itself
    std::string method;  ///< "GET" or "POST"
    std::vector<FormInput> inputs;
    std::vector<std::string> names;  ///< of every control, buttons too

    bool hasControl(std::string_view name) const noexcept;
    std::optional<std::string_view> value(std::string_view name) const noexcept;
    /// Replaces the value, or adds it at the end.
    void set(std::string_view name, std::string value);
};

/// A page of a system, read by libgumbo (HTML5) in UTF-8. A value.
class HtmlPage {
public:
    static constexpr std::size_t kMaxBytes = 4 * 1024 * 1024;
    /// libgumbo frees its tree by recursion and repeats open formatting elements: what a page may hold is limited.
    static constexpr std::size_t kMaxTags = 6000;

    /// kTooLarge for a page beyond the limits. Broken HTML is read as a browser would.
    static core::Result<HtmlPage> parse(std::string_view utf8);

    const std::vector<HtmlForm>& forms() const noexcept { return forms_; }
    /// The first form that has a control of this name.
    const HtmlForm* formWith(std::string_view control) const noexcept;
    /// Text of the first element that fits a selector: tag, #id, .class and [name=value], joined without spaces
    /// ("span#lblMsg", "ul.errorlist", "input[name=captcha]"). Nothing when there is no such element.
    std::optional<std::string> textOf(std::string_view selector) const;

private:
    struct Element {
        std::string tag;
        std::vector<std::pair<std::string, std::string>> attributes;
        std::string text;
    };
    friend class PageReader;

    std::vector<HtmlForm> forms_;
    std::vector<Element> elements_;
};

}  // namespace yimen::adapter
