#include "http/csrf.h"

#include "core/bytes.h"
#include "crypto/digest.h"

namespace yimen::http {
namespace {

using core::ErrorCode;
using core::makeError;

constexpr std::size_t kCookieBytes = 18;  ///< 24 characters of Base64url
constexpr std::size_t kCookieLength = 24;

core::Error foreign(const char* detail) {
    return makeError(ErrorCode::kDenied, "the request does not come from a page of this site", detail);
}

core::Bytes macOf(const crypto::Key& key, std::string_view text) {
    return crypto::hmac(crypto::DigestAlgorithm::kSha256, key.bytes(), core::asBytes(text));
}

/// The origin of a Referer, exactly as a browser would write it in Origin.
bool refererIsFrom(std::string_view referer, const core::Url& origin) {
    const auto url = core::Url::parse(referer.substr(0, referer.find('#')));
    return url.ok() && url->sameOrigin(origin);
}

}  // namespace

std::string CsrfGuard::tokenFor(std::string_view sessionId) const {
    return core::toBase64Url(macOf(key_, "csrf-session\n" + std::string(sessionId)));
}

core::Status CsrfGuard::checkOrigin(const Request& request) const {
    if (request.isSafe()) return {};
    const bool hasFetchSite = request.headers.has("Sec-Fetch-Site");
    const bool hasOrigin = request.headers.has("Origin");
    if (hasFetchSite) {
        // "none" is an address typed by hand; a browser sends it for navigations only, never for a form of a page.
        const auto site = request.headers.one("Sec-Fetch-Site");
        if (!site || *site != "same-origin") return foreign("Sec-Fetch-Site");
    }
    if (hasOrigin) {
        const auto origin = request.headers.one("Origin");
        if (!origin || *origin != origin_.origin()) return foreign("Origin");
        return {};
    }
    if (hasFetchSite) return {};
    const auto referer = request.headers.one("Referer");
    if (!referer || !refererIsFrom(*referer, origin_)) return foreign("Referer");
    return {};
}

core::Status CsrfGuard::check(const Request& request, std::string_view sessionId, const Params* form) const {
    if (request.isSafe()) return {};
    YIMEN_TRY_STATUS(checkOrigin(request));
    std::string_view token = request.headers.one("X-CSRF-Token").value_or("");
    if (token.empty() && form) token = form->text("csrf_token");
    const std::string expected = tokenFor(sessionId);
    if (!core::equalConstantTime(core::asBytes(token), core::asBytes(expected))) {
        return makeError(ErrorCode::kDenied, "the page is out of date: reload it and try again", "csrf token");
    }
    return {};
}

core::Bytes LoginForms::mac(std::string_view cookie, std::string_view payload) const {
    return macOf(key_, "login-form\n" + std::string(cookie) + "\n" + std::string(payload));
}

LoginForms::Issued LoginForms::issue(std::string_view presented, std::string_view returnTo) const {
    Issued issued;
    const bool wellFormed = presented.size() == kCookieLength && core::fromBase64Url(presented).ok();
    issued.cookie = wellFormed ? std::string(presented) : random_.base64Url(kCookieBytes);
    const std::string payload = std::to_string(core::toUnixSeconds(clock_.wall())) + "\n" + std::string(returnTo);
    issued.token = core::toBase64Url(core::asBytes(payload)) + "." + core::toBase64Url(mac(issued.cookie, payload));
    return issued;
}

core::Result<std::string> LoginForms::redeem(std::string_view cookie, std::string_view token) const {
    const auto stale = [](const char* detail) {
        return makeError(ErrorCode::kDenied, "the sign-in page is out of date: please try again", detail);
    };
    const std::size_t dot = token.find('.');
    if (cookie.size() != kCookieLength || dot == std::string_view::npos) return stale("no cookie or token");
    const auto payload = core::fromBase64Url(token.substr(0, dot));
    const auto tag = core::fromBase64Url(token.substr(dot + 1));
    if (!payload.ok() || !tag.ok()) return stale("not Base64url");
    const std::string_view text = core::asText(*payload);
    if (!core::equalConstantTime(*tag, mac(cookie, text))) return stale("mac");

    // Sealed by us, so what follows has our own form.
    const std::size_t line = text.find('\n');
    std::int64_t issuedAt = 0;
    for (const char c : text.substr(0, line)) issuedAt = issuedAt * 10 + (c - '0');
    const std::int64_t age = core::toUnixSeconds(clock_.wall()) - issuedAt;
    if (age < 0 || age > std::chrono::duration_cast<std::chrono::seconds>(kLifetime).count()) return stale("age");
    return std::string(text.substr(line + 1));
}

}  // namespace yimen::http
