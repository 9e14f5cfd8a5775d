#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/result.h"
#include "http/language.h"

namespace yimen::http {

/// Pages the hub renders itself: a folder of NAME.html files, which may include each other ({{> head}}), and the
/// dictionaries i18n/zh-CN.json and i18n/en.json (flat: key -> text). portal/login/README.md lists what each page
/// takes. In a page {{t.key}} is a text of the dictionary, {{lang}} the language tag, everything else comes from the
/// data of the call; an empty text counts as absent. Immutable, thread-safe.
class Templates {
public:
    /// kInvalidInput with file and line for a template that does not parse, that switches escaping off ({{{ }}} or
    /// {{& }}), or that uses a text one of the dictionaries lacks.
    static core::Result<std::shared_ptr<const Templates>> load(const std::string& folder);

    /// `name` without extension. Every value is escaped for HTML text and quoted attributes. kNotFound for a name that
    /// is not there.
    core::Result<std::string> render(std::string_view name, Language language, const core::Json& data) const;
    /// A text of the dictionary, or the key itself.
    std::string_view text(std::string_view key, Language language) const;

    Templates(const Templates&) = delete;
    Templates& operator=(const Templates&) = delete;
    ~Templates();

    struct Content;
    /// For load() only: Content is complete nowhere else.
    explicit Templates(std::unique_ptr<const Content> content);

private:
    std::unique_ptr<const Content> content_;
};

}  // namespace yimen::http
