// What could load but never work, or would be unsafe: found when a manifest is read, not when a person waits.
#include <algorithm>
#include <set>

#include "adapter/manifest_parts.h"
#include "adapter/template_text.h"
#include "core/ascii.h"

namespace yimen::adapter {

namespace {

using config::MapReader;

constexpr std::size_t kMaxScriptFields = 16;

bool isId(std::string_view id) {
    if (id.empty() || id.size() > 63 || id.front() == '-') return false;
    return std::all_of(id.begin(), id.end(),
                       [](char c) { return core::isDigit(c) || (c >= 'a' && c <= 'z') || c == '-'; });
}

/// Complaints about a part of `login`, placed at the login section.
void complain(MapReader& reader, std::string_view key, const std::string& what) {
    reader.complain(key, what);
}

void checkAccount(const Login& login, MapReader& reader) {
    if (isMintingKind(login.kind) && login.account == AccountMode::kOwn) {
        complain(reader, "login",
                 "account must be 'assigned': the system believes whatever name the hub writes, so people must not "
                 "enter it themselves");
    }
    if (login.account != AccountMode::kNone && login.fields.empty()) {
        complain(reader, "login", "fields are missing: name what the account consists of, or set account: none");
    }
    std::set<std::string> names(login.systemSecrets.begin(), login.systemSecrets.end());
    for (const auto& field : login.fields) {
        if (!names.insert(field.name).second) complain(reader, "login", "field '" + field.name + "' is named twice");
    }
}

void checkTemplate(const std::string& text, const std::set<std::string>& known, MapReader& reader) {
    const auto names = templateNames(text);
    if (!names.ok()) {
        complain(reader, "login", "'" + text + "': " + names.error().message);
        return;
    }
    for (const auto& name : *names) {
        if (!known.contains(name)) {
            complain(reader, "login", "'{" + name + "}' is neither a field nor a system secret of this manifest");
        }
    }
}

void checkSecretName(const std::string& name, const Login& login, MapReader& reader) {
    const auto& secrets = login.systemSecrets;
    if (std::find(secrets.begin(), secrets.end(), name) == secrets.end()) {
        complain(reader, "login", "'" + name + "' must be listed in system_secrets");
    }
}

void checkTemplates(const Login& login, const std::optional<SystemCall>& logout, MapReader& reader) {
    std::set<std::string> known(login.systemSecrets.begin(), login.systemSecrets.end());
    for (const auto& field : login.fields) known.insert(field.name);
    const auto each = [&](const TemplateFields& fields, const std::set<std::string>& names) {
        for (const auto& [name, text] : fields) checkTemplate(text, names, reader);
    };
    each(login.form.post, known);
    each(login.ticket.tokenBody, known);
    each(login.bearer.loginBody, known);
    each(login.header.headers, known);
    // A session is ended without opening the account again.
    if (logout) each(logout->post, {});
    auto withRefresh = known;
    withRefresh.insert("refresh_token");
    each(login.bearer.refreshBody, withRefresh);
    if (!login.ltpa.user.empty()) checkTemplate(login.ltpa.user, known, reader);
    std::set<std::string> headerNames{"time", "method", "target"};
    for (const auto& [name, text] : login.header.headers) headerNames.insert(name);
    if (!login.header.signed_.empty()) checkTemplate(login.header.signed_, headerNames, reader);
    if (!login.ticket.launch.empty()) checkTemplate(login.ticket.launch, {"token"}, reader);
    if (login.kind == LoginKind::kHmacTicket) {
        checkSecretName(login.ticket.accessKey, login, reader);
        checkSecretName(login.ticket.secretKey, login, reader);
    }
    if (login.kind == LoginKind::kTrustedHeader) checkSecretName(login.header.key, login, reader);
    if (login.kind == LoginKind::kLtpaCookie) checkSecretName(login.ltpa.secret, login, reader);
}

bool isStatusOnly(const Matcher& matcher) {
    return !matcher.needsBody() && matcher.cookie.empty() && matcher.location.empty() && matcher.header.empty();
}

void checkSignals(const Manifest& manifest, MapReader& reader) {
    const auto& signals = manifest.signals;
    const auto kind = manifest.login.kind;
    if (signals.success.empty())
        complain(reader, "signals", "success is missing: no sign-on could ever be seen to work");
    if (signals.failure.empty()) {
        complain(reader, "signals", "failure is missing: a wrong password could not be told from a changed page");
    }
    if (signals.expired.empty()) {
        complain(reader, "signals", "expired is missing: a session that is gone could not be seen");
    }
    if (!isFormKind(kind)) return;
    if (std::any_of(signals.success.begin(), signals.success.end(), isStatusOnly)) {
        complain(reader, "signals",
                 "a status alone does not show that a form login worked: add a cookie, location or text to success");
    }
}

void checkKind(const Manifest& manifest, MapReader& reader) {
    const auto kind = manifest.login.kind;
    if (kind == LoginKind::kFormJsMd5 && manifest.hooks.empty()) {
        complain(reader, "hooks",
                 "form_js_md5 needs hooks: a Lua file whose `transform` does what the page's script does");
    }
    if (kind == LoginKind::kJspFormGbk && core::equalIgnoreCase(manifest.origin.charset, "UTF-8")) {
        complain(reader, "origin", "jsp_form_gbk needs origin.charset, like GBK");
    }
    if (kind == LoginKind::kHttpBasic || kind == LoginKind::kHttpDigest) {
        for (const char* name : {"username", "password"}) {
            const auto& fields = manifest.login.fields;
            const bool there =
                std::any_of(fields.begin(), fields.end(), [&](const LoginField& f) { return f.name == name; });
            if (!there) complain(reader, "login", std::string("this kind needs a field '") + name + "'");
        }
    }
    const auto& required = manifest.login.form.required;
    const bool viewState = std::find(required.begin(), required.end(), "__VIEWSTATE") != required.end();
    if (kind == LoginKind::kAspnetViewState && !viewState) {
        complain(reader, "login", "aspnet_viewstate needs __VIEWSTATE in form.required");
    }
    if (kind == LoginKind::kFormCsrf && required.empty()) {
        complain(reader, "login", "form_csrf needs the token's field name in form.required");
    }
    if (kind == LoginKind::kTrustedHeader && manifest.headers.identity.empty()) {
        complain(reader, "headers", "trusted_header needs headers.identity: what is stripped from browsers");
    }
    for (const auto& [name, text] : manifest.login.header.headers) {
        if (!isIdentityHeader(manifest, name)) {
            complain(reader, "headers", "identity must cover '" + name + "', or a browser could send it itself");
        }
    }
}

/// A script has no business with what proves who somebody is.
void checkTraffic(const Manifest& manifest, MapReader& reader) {
    const auto& traffic = manifest.traffic;
    if (traffic.script.find('/') != std::string::npos) {
        complain(reader, "traffic", "script must be a file in the adapter's folder");
    }
    const auto each = [&](const std::vector<std::string>& names, std::initializer_list<std::string_view> secret) {
        for (const auto& name : names) {
            const bool closed = std::any_of(secret.begin(), secret.end(),
                                            [&](std::string_view one) { return core::equalIgnoreCase(one, name); });
            if (closed || isIdentityHeader(manifest, name)) {
                complain(reader, "traffic", "'" + name + "' may hold a secret or an identity: a script cannot see it");
            }
        }
    };
    each(traffic.requestFields, {"Cookie", "Authorization", "Proxy-Authorization"});
    each(traffic.answerFields, {"Set-Cookie", "WWW-Authenticate", "Proxy-Authenticate", "Authorization"});
    if (traffic.requestFields.size() > kMaxScriptFields || traffic.answerFields.size() > kMaxScriptFields) {
        complain(reader, "traffic", "at most 16 names in request_fields and in answer_fields");
    }
}

}  // namespace

void checkManifest(const Manifest& manifest, MapReader& reader) {
    if (!isId(manifest.id)) complain(reader, "id", "must be 1 to 63 of a-z, 0-9 and '-', not starting with '-'");
    checkAccount(manifest.login, reader);
    checkTemplates(manifest.login, manifest.logout, reader);
    checkSignals(manifest, reader);
    checkKind(manifest, reader);
    checkTraffic(manifest, reader);
    if (manifest.hooks.find('/') != std::string::npos)
        complain(reader, "hooks", "must be a file in the adapter's folder");
    if (!manifest.keepAlive.call.path.empty() && manifest.keepAlive.every.count() == 0) {
        complain(reader, "keepalive", "every is missing, like 10m");
    }
}

}  // namespace yimen::adapter
