#pragma once

#include <string_view>

#include "core/json.h"
#include "http/language.h"
#include "http/message.h"
#include "web/hub.h"

namespace yimen::web {

/// Renders the hub's own pages (portal/login): adds what every page needs, see portal/login/README.md.
/// Immutable, thread-safe.
class Pages {
public:
    explicit Pages(const Hub& hub) : hub_(hub) {}

    /// `name` without extension; `titleKey` is a text of the dictionary. A template that fails is our bug: 500.
    http::Response render(const http::Request& request, std::string_view name, int status, core::Json data) const;
    http::Language languageOf(const http::Request& request) const;
    /// Of the system that "/go/ID..." leads to; empty for every other destination.
    std::string systemName(const http::Request& request, std::string_view to) const;

    /// error.html for one of its kinds: not_found, down, maintenance, slow, busy, internal.
    http::Response error(const http::Request& request, int status, std::string_view kind) const;
    /// error.html with own words.
    http::Response message(const http::Request& request, int status, std::string title, std::string detail) const;

    /// GET /ui: remembers language, theme or text size of people who are not signed in, and goes back.
    http::Response setUi(const http::Request& request) const;

private:
    const Hub& hub_;
};

}  // namespace yimen::web
