#include "gateway/request_head.h"

#include <algorithm>

#include "core/ascii.h"

namespace yimen::gateway {

namespace {

using net::FieldId;

void appendField(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

/// What an engine adds. Names it sets were dropped from the browser's fields already (HeaderGuard), or are cookies.
class FieldAppender final : public adapter::HeaderSink {
public:
    explicit FieldAppender(std::string& out) : out_(out) {}
    void set(std::string_view name, std::string_view value) override { appendField(out_, name, value); }

private:
    std::string& out_;
};

FieldFate fateOf(const net::Field& field, const HeaderGuard& guard) noexcept {
    if (field.hop) {
        // "Connection: X-Remote-User" must not make a forged field look like an ordinary one that is just dropped.
        const auto fate = guard.fateOf(field.name);
        return fate == FieldFate::kForged ? fate : FieldFate::kDrop;
    }
    switch (field.id) {
        case FieldId::kAccept:
        case FieldId::kUserAgent:
        case FieldId::kIfNoneMatch:
        case FieldId::kContentType:
        case FieldId::kContentEncoding:
        case FieldId::kXRequestedWith:
        case FieldId::kAcceptEncoding:
            return FieldFate::kPass;
        case FieldId::kHost:
        case FieldId::kAuthorization:
            return FieldFate::kDrop;
        case FieldId::kCookie:
            return FieldFate::kCookie;
        case FieldId::kReferer:
            return FieldFate::kReferer;
        case FieldId::kOrigin:
            return FieldFate::kOrigin;
        case FieldId::kForwarded:
        case FieldId::kXForwardedFor:
        case FieldId::kXForwardedProto:
            return FieldFate::kForged;
        default:
            return guard.fateOf(field.name);
    }
}

bool isRemoved(const adapter::HeaderRules& rules, std::string_view name) noexcept {
    return std::any_of(rules.remove.begin(), rules.remove.end(),
                       [name](const std::string& removed) { return core::equalIgnoreCase(removed, name); });
}

/// "https://a.b" covers itself and "https://a.b/...", but neither "https://a.b.evil" nor "https://a.b:1".
bool isOfOrigin(std::string_view url, std::string_view origin) noexcept {
    return url.starts_with(origin) && (url.size() == origin.size() || url[origin.size()] == '/');
}

/// The system checks where a form came from (Django does): it must see its own origin. Another site's address goes on
/// as it is, so that the system's check still means something; the hub's own pages are not told.
void appendReferer(std::string& out, const net::Field& field, const Route& route) {
    if (!route.manifest().rewrite.refererOrigin) {
        appendField(out, field.name, field.value);
        return;
    }
    if (isOfOrigin(field.value, route.publicOrigin)) {
        out += field.name;
        out += ": ";
        out += route.systemOrigin;
        out += field.value.substr(route.publicOrigin.size());
        out += "\r\n";
    } else if (!isOfOrigin(field.value, route.hubOrigin)) {
        appendField(out, field.name, field.value);
    }
}

void appendPassedCookies(std::string& out, std::string_view value, const Route& route) {
    while (!value.empty()) {
        const auto end = value.find(';');
        auto pair = core::trim(value.substr(0, end));
        value = end == std::string_view::npos ? std::string_view() : value.substr(end + 1);
        if (!route.passesCookie(pair.substr(0, pair.find('=')))) continue;
        if (!out.empty()) out += "; ";
        out += pair;
    }
}

class HeadWriter {
public:
    HeadWriter(const HeadParts& parts, std::string& out) : route_(parts.route), script_(parts.script), out_(out) {}

    HeadNotes fields(const net::RequestHead& head) {
        const auto& rules = route_.manifest().headers;
        for (const auto& field : head.fields) {
            if (!rules.remove.empty() && isRemoved(rules, field.name)) continue;
            one(field);
        }
        if (route_.identityEncoding) appendField(out_, "Accept-Encoding", "identity");
        for (const auto& [name, value] : rules.set) {
            if (!isScripted(name)) appendField(out_, name, value);
        }
        if (script_ != nullptr) {
            for (const auto& [name, value] : script_->set) appendField(out_, name, value);
        }
        return notes_;
    }
    const std::string& cookies() const noexcept { return cookies_; }

private:
    bool isScripted(std::string_view name) const noexcept { return script_ != nullptr && script_->touches(name); }

    void one(const net::Field& field) {
        switch (fateOf(field, route_.guard)) {
            case FieldFate::kPass:
                if (route_.identityEncoding && field.id == FieldId::kAcceptEncoding) return;
                if (isScripted(field.name)) return;
                appendField(out_, field.name, field.value);
                return;
            case FieldFate::kForged:
                ++notes_.forgedFields;
                return;
            case FieldFate::kCookie:
                if (!route_.manifest().cookies.pass.empty()) appendPassedCookies(cookies_, field.value, route_);
                return;
            case FieldFate::kReferer:
            case FieldFate::kOrigin:
                appendReferer(out_, field, route_);
                return;
            case FieldFate::kDrop:
                return;
        }
    }

    const Route& route_;
    const adapter::HookDecision* script_;
    std::string& out_;
    std::string cookies_;
    HeadNotes notes_;
};

}  // namespace

core::Result<HeadNotes> writeRequestHead(const net::Exchange& exchange, const HeadParts& parts, std::string& out) {
    const auto& head = exchange.head();
    out += head.method;
    out += ' ';
    out += parts.target;
    out += " HTTP/1.1\r\nHost: ";
    out += parts.route.hostField;
    out += "\r\n";
    HeadWriter writer(parts, out);
    const HeadNotes notes = writer.fields(head);
    if (parts.entry == nullptr) {
        if (!writer.cookies().empty()) appendField(out, "Cookie", writer.cookies());
        return notes;
    }
    FieldAppender sink(out);
    const adapter::OutgoingRequest request{head.method, parts.target, writer.cookies()};
    YIMEN_TRY_STATUS(parts.route.adapter->prepare(parts.entry->session(), request, sink));
    return notes;
}

}  // namespace yimen::gateway
