#include "gateway/answer_head.h"

#include <algorithm>
#include <array>

#include "core/ascii.h"
#include "core/url.h"
#include "gateway/file_name.h"

namespace yimen::gateway {

namespace {

using core::equalIgnoreCase;
using net::FieldId;

void appendField(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

/// Statements about TLS, other routes or the site as a whole: the app host's business, not the system's.
constexpr std::array<std::string_view, 8> kSiteFields{
    "Strict-Transport-Security", "Alt-Svc", "Public-Key-Pins", "Clear-Site-Data",
    "Proxy-Authenticate",        "NEL",     "Report-To",       "Expect-CT"};

bool isSiteField(std::string_view name) noexcept {
    return std::any_of(kSiteFields.begin(), kSiteFields.end(),
                       [&](std::string_view site) { return equalIgnoreCase(site, name); });
}

bool isRemoved(const Route& route, std::string_view name) noexcept {
    const auto& names = route.manifest().headers.removeAnswer;
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& removed) { return equalIgnoreCase(removed, name); });
}

/// "a=b; Domain=.gov.local; Path=/x" without its Domain and with Secure, for a cookie the browser may hold.
void appendPassedCookie(std::string& out, std::string_view value) {
    out += "Set-Cookie: ";
    bool first = true;
    bool secure = false;
    while (!value.empty()) {
        const auto end = value.find(';');
        const auto part = core::trim(value.substr(0, end));
        value = end == std::string_view::npos ? std::string_view() : value.substr(end + 1);
        const auto name = core::trim(part.substr(0, part.find('=')));
        if (!first && equalIgnoreCase(name, "Domain")) continue;
        if (!first && equalIgnoreCase(part, "Secure")) secure = true;
        if (!first) out += "; ";
        out += part;
        first = false;
    }
    if (!secure) out += "; Secure";
    out += "\r\n";
}

void appendLocation(std::string& out, const net::Field& field, const Route& route) {
    const std::string mapped = route.manifest().rewrite.location ? route.urls.mapUrl(field.value) : std::string();
    appendField(out, field.name, mapped.empty() ? field.value : std::string_view(mapped));
}

std::string_view mediaType(std::string_view contentType) noexcept {
    return core::trim(contentType.substr(0, contentType.find(';')));
}

bool isText(std::string_view type) noexcept {
    return type.size() > 5 && equalIgnoreCase(type.substr(0, 5), "text/");
}

bool hasCharset(std::string_view contentType) {
    return core::lowerCase(contentType).find("charset=") != std::string::npos;
}

void appendContentType(std::string& out, const net::Field& field, const Route& route) {
    const auto& manifest = route.manifest();
    const auto type = mediaType(field.value);
    const bool fix =
        isText(type) && (manifest.rewrite.charset == adapter::CharsetHeader::kForce ||
                         (manifest.rewrite.charset == adapter::CharsetHeader::kAdd && !hasCharset(field.value)));
    if (!fix) {
        appendField(out, field.name, field.value);
        return;
    }
    out += field.name;
    out += ": ";
    out += type;
    out += "; charset=";
    out += manifest.origin.charset;
    out += "\r\n";
}

void appendOne(std::string& out, const net::Field& field, const Route& route) {
    switch (field.id) {
        case FieldId::kSetCookie:
            if (route.passesCookie(core::trim(field.value.substr(0, field.value.find('='))))) {
                appendPassedCookie(out, field.value);
            }
            return;
        case FieldId::kLocation:
            appendLocation(out, field, route);
            return;
        case FieldId::kContentType:
            appendContentType(out, field, route);
            return;
        case FieldId::kWwwAuthenticate:
            return;
        default:
            break;
    }
    if (equalIgnoreCase(field.name, "Refresh")) {
        UrlRewriter rewriter(route.urls);
        std::string value;
        rewriter.write(field.value, value);
        rewriter.finish(value);
        appendField(out, field.name, value);
    } else if (equalIgnoreCase(field.name, "Content-Disposition")) {
        const auto readable = readableFileName(field.value, route.manifest().origin.charset);
        appendField(out, field.name, readable.empty() ? field.value : std::string_view(readable));
    } else if (equalIgnoreCase(field.name, "Content-Location")) {
        appendLocation(out, field, route);
    } else if (equalIgnoreCase(field.name, "Access-Control-Allow-Origin") && field.value == route.systemOrigin) {
        appendField(out, field.name, route.publicOrigin);
    } else if (!isSiteField(field.name) && !isRemoved(route, field.name)) {
        appendField(out, field.name, field.value);
    }
}

class UrlBodyRewriter final : public net::BodyRewriter {
public:
    explicit UrlBodyRewriter(const UrlMap& map) : rewriter_(map) {}
    void write(std::string_view in, std::string& out) override { rewriter_.write(in, out); }
    void finish(std::string& out) override { rewriter_.finish(out); }

private:
    UrlRewriter rewriter_;
};

bool isPage(const net::ResponseHead& head) noexcept {
    const auto* type = head.find(FieldId::kContentType);
    return type != nullptr && equalIgnoreCase(mediaType(type->value), "text/html");
}

/// A script that calls an answer a page makes it one.
bool makesPage(const adapter::HookDecision& script) noexcept {
    return std::any_of(script.set.begin(), script.set.end(), [](const auto& field) {
        return equalIgnoreCase(field.first, "Content-Type") && equalIgnoreCase(mediaType(field.second), "text/html");
    });
}

/// Of the fields that appendOne treats by their id and a script may set.
FieldId idOf(std::string_view name) noexcept {
    if (equalIgnoreCase(name, "Location")) return FieldId::kLocation;
    return equalIgnoreCase(name, "Content-Type") ? FieldId::kContentType : FieldId::kOther;
}

}  // namespace

void writeAnswerHead(const net::ResponseHead& head, const Route& route, std::string& out,
                     const adapter::HookDecision* script) {
    out += "HTTP/1.1 ";
    out += static_cast<char>('0' + head.status / 100);
    out += static_cast<char>('0' + head.status / 10 % 10);
    out += static_cast<char>('0' + head.status % 10);
    out += ' ';
    out += head.reason;
    out += "\r\n";
    const bool page = isPage(head) || (script != nullptr && makesPage(*script));
    for (const auto& field : head.fields) {
        if (field.hop || (script != nullptr && script->touches(field.name))) continue;
        if (page && (equalIgnoreCase(field.name, "Cache-Control") || equalIgnoreCase(field.name, "Expires") ||
                     equalIgnoreCase(field.name, "Pragma"))) {
            continue;
        }
        appendOne(out, field, route);
    }
    if (script != nullptr) {
        for (const auto& [name, value] : script->set) appendOne(out, {name, value, idOf(name)}, route);
    }
    if (page) out += "Cache-Control: no-store\r\n";
}

std::unique_ptr<net::BodyRewriter> rewriterFor(const net::ResponseHead& head, const Route& route) {
    const auto& rules = route.manifest().rewrite;
    if (!rules.absoluteUrls || rules.body.empty() || route.urls.empty()) return nullptr;
    // A coded body cannot be read, and a part of one (206) must keep its offsets.
    if (head.find(FieldId::kContentEncoding) != nullptr || head.status == 206) return nullptr;
    if (head.hasContentLength && head.contentLength > rules.maxBodyBytes) return nullptr;
    const auto* type = head.find(FieldId::kContentType);
    if (type == nullptr) return nullptr;
    const auto media = mediaType(type->value);
    const bool wanted = std::any_of(rules.body.begin(), rules.body.end(),
                                    [&](const std::string& name) { return equalIgnoreCase(name, media); });
    return wanted ? std::make_unique<UrlBodyRewriter>(route.urls) : nullptr;
}

}  // namespace yimen::gateway
