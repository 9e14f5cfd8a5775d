#include "adapter/manifest_parts.h"
#include "core/unicode.h"

namespace yimen::adapter {

namespace {

using config::MapReader;
using std::chrono::milliseconds;

constexpr std::size_t kMaxLoginFields = 12;

std::vector<LoginField> readFields(MapReader& login) {
    std::vector<LoginField> fields;
    const auto list = login.child("fields");
    if (!list) return fields;
    if (!list->isList() || list->size() > kMaxLoginFields) {
        login.complain("fields", "must be a list of at most 12 fields {name, label, secret}");
        return fields;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        MapReader item(list->at(i), login.errors());
        LoginField field;
        field.name = item.requireText("name");
        field.secret = item.boolean("secret", false);
        if (const auto label = item.require("label")) {
            MapReader texts(*label, login.errors());
            field.label.zh = texts.requireText("zh");
            field.label.en = texts.requireText("en");
            texts.finish();
        }
        item.finish();
        fields.push_back(std::move(field));
    }
    return fields;
}

void readCharset(MapReader& reader, std::string& charset) {
    charset = reader.text("charset", charset);
    if (!core::isKnownCharset(charset)) reader.complain("charset", "is not a charset this hub knows");
}

void readForm(MapReader& reader, FormLogin& form) {
    form.page = reader.requireText("page");
    form.action = reader.requireText("action");
    form.hasField = reader.requireText("has_field");
    form.post = readTemplates(reader, "post");
    form.required = reader.texts("required");
    form.confirm = reader.text("confirm", "");
    checkPath(reader, "page", form.page, false);
    checkPath(reader, "action", form.action, false);
    if (!form.confirm.empty()) checkPath(reader, "confirm", form.confirm, false);
    if (form.post.empty()) reader.complain("post", "needs at least one field to post, like {username: \"{username}\"}");
}

void readBasic(MapReader& reader, BasicLogin& basic) {
    basic.probe = reader.requireText("probe");
    readCharset(reader, basic.charset);
    checkPath(reader, "probe", basic.probe, false);
}

void readDigest(MapReader& reader, DigestLogin& digest) {
    digest.probe = reader.requireText("probe");
    digest.algorithm = reader.choice<std::string>("prefer", digest.algorithm, {{"SHA-256", "SHA-256"}, {"MD5", "MD5"}});
    checkPath(reader, "probe", digest.probe, false);
}

void readTicket(MapReader& reader, TicketLogin& ticket) {
    ticket.tokenPath = reader.requireText("token_path");
    ticket.tokenBody = readTemplates(reader, "token_body");
    ticket.accessKey = reader.requireText("access_key");
    ticket.secretKey = reader.requireText("secret_key");
    ticket.headerPrefix = reader.text("header_prefix", "x-ca-");
    ticket.tokenMember = reader.requireText("token_member");
    ticket.launch = reader.requireText("launch");
    checkPath(reader, "token_path", ticket.tokenPath, false);
    if (ticket.launch.find("{token}") == std::string::npos) reader.complain("launch", "must hold {token}");
}

void readHeader(MapReader& reader, HeaderLogin& header) {
    header.probe = reader.requireText("probe");
    header.headers = readTemplates(reader, "headers");
    header.timeHeader = reader.text("time_header", "");
    header.signatureHeader = reader.requireText("signature_header");
    header.signed_ = reader.requireText("signed");
    header.key = reader.requireText("key");
    header.hash = reader.choice<std::string>("hash", "sm3", {{"sm3", "sm3"}, {"sha256", "sha256"}});
    checkPath(reader, "probe", header.probe, false);
    if (header.headers.empty()) reader.complain("headers", "needs at least one identity header");
}

void readBearer(MapReader& reader, BearerLogin& bearer) {
    bearer.loginPath = reader.requireText("login_path");
    bearer.loginBody = readTemplates(reader, "login_body");
    bearer.tokenMember = reader.text("token_member", "access_token");
    bearer.refreshMember = reader.text("refresh_member", "");
    bearer.expiresMember = reader.text("expires_member", "");
    bearer.lifetime = reader.duration("lifetime", bearer.lifetime, {1000, 30LL * 86400 * 1000});
    bearer.refreshBefore = reader.duration("refresh_before", bearer.refreshBefore, {0, 86400 * 1000});
    bearer.refreshPath = reader.text("refresh_path", "");
    bearer.refreshBody = readTemplates(reader, "refresh_body");
    bearer.scheme = reader.text("scheme", "Bearer");
    checkPath(reader, "login_path", bearer.loginPath, false);
    if (!bearer.refreshPath.empty()) checkPath(reader, "refresh_path", bearer.refreshPath, false);
    if (bearer.refreshPath.empty() != bearer.refreshMember.empty()) {
        reader.complain("refresh_path", "refresh_path and refresh_member belong together");
    }
}

void readLtpa(MapReader& reader, LtpaLogin& ltpa) {
    ltpa.probe = reader.requireText("probe");
    ltpa.cookie = reader.text("cookie", "LtpaToken");
    ltpa.user = reader.requireText("user");
    ltpa.secret = reader.requireText("secret");
    readCharset(reader, ltpa.charset);
    ltpa.lifetime = reader.duration("lifetime", ltpa.lifetime, {60'000, 24LL * 3600 * 1000});
    checkPath(reader, "probe", ltpa.probe, false);
}

/// The section a kind needs, by its name in the manifest.
std::string_view sectionOf(LoginKind kind) {
    switch (kind) {
        case LoginKind::kHttpBasic:
            return "basic";
        case LoginKind::kHttpDigest:
            return "digest";
        case LoginKind::kHmacTicket:
            return "ticket";
        case LoginKind::kTrustedHeader:
            return "header";
        case LoginKind::kJsonBearer:
            return "bearer";
        case LoginKind::kLtpaCookie:
            return "ltpa";
        default:
            return "form";
    }
}

void readSection(MapReader& reader, Login& login) {
    switch (login.kind) {
        case LoginKind::kHttpBasic:
            return readBasic(reader, login.basic);
        case LoginKind::kHttpDigest:
            return readDigest(reader, login.digest);
        case LoginKind::kHmacTicket:
            return readTicket(reader, login.ticket);
        case LoginKind::kTrustedHeader:
            return readHeader(reader, login.header);
        case LoginKind::kJsonBearer:
            return readBearer(reader, login.bearer);
        case LoginKind::kLtpaCookie:
            return readLtpa(reader, login.ltpa);
        default:
            return readForm(reader, login.form);
    }
}

}  // namespace

std::string_view toString(LoginKind kind) noexcept {
    switch (kind) {
        case LoginKind::kFormCsrf:
            return "form_csrf";
        case LoginKind::kJspFormGbk:
            return "jsp_form_gbk";
        case LoginKind::kFormJsMd5:
            return "form_js_md5";
        case LoginKind::kAspnetViewState:
            return "aspnet_viewstate";
        case LoginKind::kHttpBasic:
            return "http_basic";
        case LoginKind::kHttpDigest:
            return "http_digest";
        case LoginKind::kHmacTicket:
            return "hmac_ticket";
        case LoginKind::kTrustedHeader:
            return "trusted_header";
        case LoginKind::kJsonBearer:
            return "json_bearer";
        case LoginKind::kLtpaCookie:
            return "ltpa_cookie";
    }
    return "";
}

bool isFormKind(LoginKind kind) noexcept {
    return kind == LoginKind::kFormCsrf || kind == LoginKind::kJspFormGbk || kind == LoginKind::kFormJsMd5 ||
           kind == LoginKind::kAspnetViewState;
}

bool isMintingKind(LoginKind kind) noexcept {
    return kind == LoginKind::kHmacTicket || kind == LoginKind::kTrustedHeader || kind == LoginKind::kLtpaCookie;
}

TemplateFields readTemplates(MapReader& reader, std::string_view key) {
    TemplateFields fields;
    const auto map = reader.child(key);
    if (!map) return fields;
    if (!map->isMap()) {
        reader.complain(key, "must be a map of names and texts");
        return fields;
    }
    for (const auto& [name, node] : map->entries()) {
        auto text = node.text();
        if (!text.ok()) {
            reader.errors().add(text.error());
        } else {
            fields.emplace_back(name, std::move(text).value());
        }
    }
    return fields;
}

void readLogin(MapReader& reader, Login& login) {
    login.kind = reader.choice("kind", LoginKind::kFormCsrf,
                               {{"form_csrf", LoginKind::kFormCsrf},
                                {"jsp_form_gbk", LoginKind::kJspFormGbk},
                                {"form_js_md5", LoginKind::kFormJsMd5},
                                {"aspnet_viewstate", LoginKind::kAspnetViewState},
                                {"http_basic", LoginKind::kHttpBasic},
                                {"http_digest", LoginKind::kHttpDigest},
                                {"hmac_ticket", LoginKind::kHmacTicket},
                                {"trusted_header", LoginKind::kTrustedHeader},
                                {"json_bearer", LoginKind::kJsonBearer},
                                {"ltpa_cookie", LoginKind::kLtpaCookie}});
    if (!reader.has("kind")) reader.complain("kind", "kind is missing: form_csrf, http_basic, ...");
    login.account = reader.choice("account", AccountMode::kOwn,
                                  {{"own", AccountMode::kOwn},
                                   {"assigned", AccountMode::kAssigned},
                                   {"shared", AccountMode::kShared},
                                   {"none", AccountMode::kNone}});
    login.fields = readFields(reader);
    login.systemSecrets = reader.texts("system_secrets");
    const auto section = sectionOf(login.kind);
    if (const auto node = reader.require(section)) {
        MapReader inner(*node, reader.errors());
        readSection(inner, login);
        inner.finish();
    }
}

}  // namespace yimen::adapter
