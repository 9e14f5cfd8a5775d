#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapter/html_page.h"
#include "adapter/manifest.h"
#include "adapter/sign_on_engine.h"

namespace yimen::adapter {

/// One request of a sign-on.
struct ExchangeRequest {
    std::string step;
    std::string method = "GET";
    std::string target;  ///< path and query on the system's origin
    std::vector<http::ClientField> fields;
    std::string body;
};

/// The conversation of one attempt: its own jar, its trace, requests to the system's origin and nowhere else.
/// Not thread-safe; lives for one call of an engine.
class Exchange {
public:
    /// Redirects of a login page that are followed: some systems redirect once to see whether cookies come back.
    static constexpr int kMaxPageRedirects = 3;

    /// References must outlive it. `jar` is the session's for calls within a session, empty for a sign-on.
    Exchange(const SignOnContext& context, const Manifest& manifest, CookieJar jar = {});

    /// Sends with the jar's cookies and keeps what the answer sets. Each exchange is a hop of the trace. Errors as
    /// HttpClient::send. A server that cannot be connected to gives way to the next one of origin.servers, as long as
    /// none has answered in this conversation: nothing was sent to it, and a session is not moved between servers.
    core::Result<http::ClientResponse> send(ExchangeRequest request);
    /// GET that follows redirects within the origin; `target` becomes where it ended.
    core::Result<http::ClientResponse> page(const std::string& step, std::string& target,
                                            const std::vector<http::ClientField>& fields = {});
    /// The body in UTF-8 by the manifest's charset, parsed. kUpstream when it is not in that charset.
    core::Result<HtmlPage> parse(const http::ClientResponse& response) const;
    /// Path and query of a reference found on the page `target`; kDenied when it leads to another origin.
    core::Result<std::string> resolve(const std::string& target, std::string_view reference) const;
    /// Posts a form as a browser would: urlencoded in the manifest's charset, with Referer and Origin.
    core::Result<http::ClientResponse> post(const std::string& step, const std::string& target, const HtmlForm& form,
                                            const std::string& referer, std::vector<http::ClientField> fields = {});

    /// Writes on the last hop what was seen in it.
    void note(std::string text);
    CookieJar& jar() noexcept { return jar_; }
    const Manifest& manifest() const noexcept { return manifest_; }
    const SignOnContext& context() const noexcept { return context_; }

    /// Ends the attempt: the outcome with the trace.
    SignOnOutcome finish(Outcome outcome, std::string step, std::string detail);
    /// The same for an exchange that did not come about.
    SignOnOutcome unreachable(const std::string& step, const core::Error& error);

private:
    core::Result<http::ClientResponse> sendOnce(const http::ClientRequest& out, const std::string& step);
    bool isOurs(const core::Url& url) const noexcept;

    const SignOnContext& context_;
    const Manifest& manifest_;
    CookieJar jar_;
    std::vector<Hop> trace_;
    core::Url server_;  ///< the one this conversation is held with
    bool answered_ = false;
};

/// The value of a field of the account or a system secret, for templates.
std::optional<std::string> secretValue(const SecretMap& secrets, std::string_view name);
/// UTF-8 from bytes a system sent; GB2312 and GBK are read as GB18030, their superset.
core::Result<std::string> decodeBody(std::string_view bytes, std::string_view charset);

/// What an answer says by the manifest's signs, and which one said it.
struct Judgement {
    Outcome outcome = Outcome::kPageChanged;
    std::string sign;  ///< "success[0]"; empty when nothing matched
};
Judgement judge(const Manifest& manifest, const http::ClientResponse& response);
/// One list only.
bool anyMatches(const std::vector<Matcher>& matchers, const Manifest& manifest, const http::ClientResponse& response);

}  // namespace yimen::adapter
