#include "adapter/exchange.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/path.h"
#include "core/unicode.h"

namespace yimen::adapter {

namespace {

using core::ErrorCode;
using core::makeError;

constexpr std::string_view kUserAgent = "Mozilla/5.0 (compatible; Yimen)";

bool isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Exchange::Exchange(const SignOnContext& context, const Manifest& manifest, CookieJar jar)
    : context_(context), manifest_(manifest), jar_(std::move(jar)), server_(context.session.origin()) {}

core::Result<http::ClientResponse> Exchange::send(ExchangeRequest request) {
    const auto parts = core::splitTarget(request.target);
    // Cookies belong to the system, whichever of its servers set them.
    core::Url asked = context_.session.origin();
    asked.path = parts.path;
    asked.query = parts.query;
    asked.hasQuery = parts.hasQuery;
    http::ClientRequest out;
    out.method = request.method;
    out.fields = std::move(request.fields);
    out.fields.push_back({"User-Agent", std::string(kUserAgent)});
    const auto cookies = jar_.header(asked.host, asked.path, asked.secure(), context_.clock.wall());
    if (!cookies.empty()) out.fields.push_back({"Cookie", cookies});
    out.body = std::move(request.body);
    out.limits.connectTimeout = manifest_.limits.connectTimeout;
    out.limits.totalTimeout = manifest_.limits.signOnTimeout;

    const auto send = [&](const core::Url& server) {
        out.url = asked;
        out.url.scheme = server.scheme;
        out.url.host = server.host;
        out.url.port = server.port;
        return sendOnce(out, request.step);
    };
    auto response = send(server_);
    for (const auto& server : manifest_.origin.servers) {
        // kUnavailable: no connection came about, so nothing was sent.
        if (response.ok() || answered_ || response.error().code != ErrorCode::kUnavailable) break;
        if (server.sameOrigin(context_.session.origin())) continue;
        response = send(server);
        if (response.ok()) server_ = server;
    }
    if (!response.ok()) return response.error();
    answered_ = true;
    for (const auto& field : response->fields) {
        if (core::equalIgnoreCase(field.name, "set-cookie")) jar_.store(field.value, asked, context_.clock.wall());
    }
    return response;
}

core::Result<http::ClientResponse> Exchange::sendOnce(const http::ClientRequest& out, const std::string& step) {
    Hop hop{step, out.method, out.url.path, 0, {}, {}};
    const auto begin = context_.clock.mono();
    auto response = context_.client.send(out);
    hop.took = std::chrono::duration_cast<std::chrono::milliseconds>(context_.clock.mono() - begin);
    if (response.ok()) {
        hop.status = response->status;
    } else {
        hop.note = response.error().message;
    }
    trace_.push_back(std::move(hop));
    return response;
}

bool Exchange::isOurs(const core::Url& url) const noexcept {
    const auto& servers = manifest_.origin.servers;
    return url.sameOrigin(context_.session.origin()) ||
           std::any_of(servers.begin(), servers.end(), [&](const core::Url& server) { return url.sameOrigin(server); });
}

core::Result<http::ClientResponse> Exchange::page(const std::string& step, std::string& target,
                                                  const std::vector<http::ClientField>& fields) {
    for (int hop = 0;; ++hop) {
        auto withAccept = fields;
        withAccept.push_back({"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"});
        YIMEN_TRY(auto response, send({step, "GET", target, std::move(withAccept), {}}));
        const auto location = response.find("location");
        if (!isRedirect(response.status) || !location || hop == kMaxPageRedirects) return response;
        YIMEN_TRY(target, resolve(target, *location));
    }
}

core::Result<HtmlPage> Exchange::parse(const http::ClientResponse& response) const {
    YIMEN_TRY(const auto text, decodeBody(response.body, manifest_.origin.charset));
    return HtmlPage::parse(text);
}

core::Result<std::string> Exchange::resolve(const std::string& target, std::string_view reference) const {
    core::Url base = context_.session.origin();
    const auto parts = core::splitTarget(target);
    base.path = parts.path;
    base.query = parts.query;
    base.hasQuery = parts.hasQuery;
    if (reference.empty()) return target;
    YIMEN_TRY(const auto url, base.resolve(reference));
    if (!isOurs(url)) {
        return makeError(ErrorCode::kDenied, "the page leads to another server", url.origin());
    }
    return url.target();
}

core::Result<http::ClientResponse> Exchange::post(const std::string& step, const std::string& target,
                                                  const HtmlForm& form, const std::string& referer,
                                                  std::vector<http::ClientField> fields) {
    core::FormPairs pairs;
    for (const auto& input : form.inputs) {
        auto value = core::encodeCharset(input.value, manifest_.origin.charset);
        auto name = core::encodeCharset(input.name, manifest_.origin.charset);
        if (!value.ok() || !name.ok()) {
            return makeError(ErrorCode::kInvalidInput,
                             "field '" + input.name + "' cannot be written in " + manifest_.origin.charset);
        }
        pairs.emplace_back(std::move(name).value(), std::move(value).value());
    }
    fields.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    fields.push_back({"Origin", server_.origin()});
    fields.push_back({"Referer", server_.origin() + referer});
    return send({step, "POST", target, std::move(fields), core::writeForm(pairs)});
}

void Exchange::note(std::string text) {
    if (!trace_.empty()) trace_.back().note = std::move(text);
}

SignOnOutcome Exchange::finish(Outcome outcome, std::string step, std::string detail) {
    return {outcome, std::move(step), std::move(detail), std::move(trace_)};
}

SignOnOutcome Exchange::unreachable(const std::string& step, const core::Error& error) {
    // A page that leads elsewhere, or cannot be posted, is a changed page; all else never reached the system.
    const bool changed = error.code == ErrorCode::kDenied || error.code == ErrorCode::kInvalidInput;
    const bool nothingCame = !answered_ && error.code == ErrorCode::kUnavailable;
    return finish(changed ? Outcome::kPageChanged : Outcome::kUnreachable, nothingCame ? "connect" : step,
                  error.message);
}

std::optional<std::string> secretValue(const SecretMap& secrets, std::string_view name) {
    const auto found = secrets.find(name);
    if (found == secrets.end()) return std::nullopt;
    return std::string(found->second.reveal());  // goes into the request that signs the person on
}

core::Result<std::string> decodeBody(std::string_view bytes, std::string_view charset) {
    const bool chinese = core::lowerCase(charset).starts_with("gb");
    return core::decodeCharset(bytes, chinese ? "GB18030" : charset);
}

}  // namespace yimen::adapter
