#include "http/security_headers.h"

#include "core/bytes.h"
#include "crypto/digest.h"

namespace yimen::http {
namespace {

std::string quotedAll(const std::vector<std::string>& hashes) {
    std::string text;
    for (const std::string& hash : hashes) text += " '" + hash + "'";
    return text;
}

void setIfAbsent(Headers& headers, std::string_view name, std::string_view value) {
    if (!headers.has(name)) headers.add(name, value);
}

}  // namespace

std::string ContentPolicy::text() const {
    std::string text = "default-src 'none'; script-src 'self'" + quotedAll(scriptHashes);
    text += "; style-src 'self'" + quotedAll(styleHashes);
    text += "; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'";
    text += "; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'";
    for (const std::string& target : formTargets) text += " " + target;
    return text;
}

std::string cspHash(std::string_view inlineText) {
    return "sha256-" + core::toBase64(crypto::digest(crypto::DigestAlgorithm::kSha256, core::asBytes(inlineText)));
}

void SecurityHeaders::apply(Response& response, ContentKind kind, bool secure) const {
    Headers& headers = response.headers;
    setIfAbsent(headers, "Content-Security-Policy", contentPolicy_);
    setIfAbsent(headers, "X-Content-Type-Options", "nosniff");
    setIfAbsent(headers, "X-Frame-Options", "DENY");
    setIfAbsent(headers, "Referrer-Policy", "same-origin");
    setIfAbsent(headers, "Cross-Origin-Opener-Policy", "same-origin");
    setIfAbsent(headers, "Cross-Origin-Resource-Policy", "same-origin");
    setIfAbsent(headers, "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    // RFC 6797 section 7.2: never over plain HTTP.
    if (secure) setIfAbsent(headers, "Strict-Transport-Security", "max-age=31536000");
    if (kind != ContentKind::kStatic) headers.set("Cache-Control", "no-store");
}

}  // namespace yimen::http
