#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace yimen::http {

/// What kind of content leaves, so that the fields fit it.
enum class ContentKind {
    kPage,    ///< a page made for one person: no-store
    kApi,     ///< JSON for one person: no-store
    kStatic,  ///< the same bytes for everybody: caching is the file's
};

/// Content-Security-Policy Level 3 of the hub's own pages: nothing inline but what is listed by hash, no framing, forms
/// only to ourselves. Chromium applies form-action to redirects after a form as well, so the app hosts are listed.
/// A value; any thread.
struct ContentPolicy {
    std::vector<std::string> scriptHashes;  ///< "sha256-...", see cspHash
    std::vector<std::string> styleHashes;
    std::vector<std::string> formTargets;  ///< origins besides ourselves, may begin with "https://*."

    std::string text() const;
};

/// "sha256-BASE64" of the exact bytes between <script> and </script>.
std::string cspHash(std::string_view inlineText);

/// Sets CSP, HSTS (when the request came by TLS), X-Content-Type-Options, Referrer-Policy, Cross-Origin-Opener-Policy,
/// Permissions-Policy, X-Frame-Options and, for kPage and kApi, Cache-Control: no-store. Fields already there stay,
/// except Cache-Control of kPage and kApi. Any thread.
class SecurityHeaders {
public:
    explicit SecurityHeaders(const ContentPolicy& policy) : contentPolicy_(policy.text()) {}
    void apply(Response& response, ContentKind kind, bool secure) const;

private:
    std::string contentPolicy_;
};

}  // namespace yimen::http
