#include "adapter/manifest.h"

#include <algorithm>
#include <filesystem>

#include "adapter/manifest_parts.h"
#include "core/ascii.h"
#include "core/path.h"
#include "core/unicode.h"

namespace yimen::adapter {

namespace {

using config::MapReader;

/// Reads one section; an absent section is read as empty so that defaults and requirements hold.
template <typename Read>
void section(MapReader& reader, std::string_view key, Read read) {
    const auto node = reader.child(key);
    if (!node) return;
    MapReader inner(*node, reader.errors());
    read(inner);
    inner.finish();
}

void readIdentity(MapReader& reader, Manifest& manifest) {
    if (reader.integer("api", 0) != kManifestApi) reader.complain("api", "must be 1, the format this hub reads");
    if (reader.boolean("classified", false)) {
        reader.complain("classified", "the hub takes no classified system (涉密系统不得接入)");
    }
    manifest.id = reader.requireText("id");
    manifest.version = reader.requireText("version");
    if (const auto node = reader.require("name")) {
        MapReader name(*node, reader.errors());
        manifest.name.zh = name.requireText("zh");
        manifest.name.en = name.requireText("en");
        name.finish();
    }
    manifest.aliases = reader.texts("aliases");
    manifest.pinyin = reader.texts("pinyin");
    manifest.owner = reader.requireText("owner");
    manifest.category = reader.requireText("category");
    manifest.level = reader.choice<std::string>(
        "level", "", {{"national", "national"}, {"province", "province"}, {"city", "city"}, {"district", "district"}});
    if (!reader.has("level")) reader.complain("level", "level is missing: national, province, city or district");
    manifest.zone = reader.requireText("zone");
    manifest.mark = reader.text("mark", core::firstCharacter(manifest.name.zh));
    if (core::characterCount(manifest.mark) != 1) reader.complain("mark", "must be one character");
}

void readOrigin(MapReader& reader, Origin& origin) {
    for (const auto& text : reader.texts("servers")) {
        auto url = core::Url::parse(text);
        if (!url.ok()) {
            reader.complain("servers", url.error().message);
        } else if (url->path != "/" || url->hasQuery) {
            reader.complain("servers", "must be scheme, host and port only, like http://10.1.2.3:8080");
        } else {
            origin.servers.push_back(std::move(url).value());
        }
    }
    origin.host = reader.choice("host", HostHeader::kUpstream,
                                {{"upstream", HostHeader::kUpstream}, {"public", HostHeader::kPublic}});
    origin.charset = reader.text("charset", "UTF-8");
    if (!core::isKnownCharset(origin.charset)) reader.complain("charset", "is not a charset this hub knows");
}

void readPaths(MapReader& reader, Paths& paths) {
    paths.home = reader.text("home", "/");
    paths.publicPaths = reader.texts("public");
    paths.denied = reader.texts("denied");
    paths.downloads = reader.texts("downloads");
    paths.ignoreCase = reader.boolean("ignore_case", false);
    checkPath(reader, "home", std::string(core::splitTarget(paths.home).path), false);
    for (const auto& path : paths.publicPaths) checkPath(reader, "public", path, true);
    for (const auto& path : paths.denied) checkPath(reader, "denied", path, true);
    for (const auto& path : paths.downloads) checkPath(reader, "downloads", path, true);
}

void readRewrite(MapReader& reader, RewriteRules& rules) {
    rules.location = reader.boolean("location", true);
    rules.absoluteUrls = reader.boolean("absolute_urls", false);
    rules.body = reader.texts("body");
    rules.charset =
        reader.choice("charset", CharsetHeader::kKeep,
                      {{"keep", CharsetHeader::kKeep}, {"add", CharsetHeader::kAdd}, {"force", CharsetHeader::kForce}});
    rules.refererOrigin = reader.boolean("referer_origin", true);
    rules.maxBodyBytes = reader.byteSize("max_body", rules.maxBodyBytes, {1, 64ULL * 1024 * 1024});
    if (rules.absoluteUrls && rules.body.empty()) {
        reader.complain("absolute_urls", "needs body: the content types to look into, like [text/html]");
    }
}

void readHeaders(MapReader& reader, HeaderRules& rules) {
    rules.set = readTemplates(reader, "set");
    rules.remove = reader.texts("remove");
    rules.removeAnswer = reader.texts("remove_answer");
    rules.identity = reader.texts("identity");
}

SystemCall readCall(MapReader& reader) {
    SystemCall call;
    call.method = reader.choice<std::string>("method", "GET", {{"GET", "GET"}, {"POST", "POST"}});
    call.path = reader.requireText("path");
    call.page = reader.text("page", "");
    call.hasField = reader.text("has_field", "");
    call.post = readTemplates(reader, "post");
    const auto status = reader.integer("status", 0, {0, 599});
    if (status != 0) call.status.push_back(static_cast<int>(status));
    checkPath(reader, "path", std::string(core::splitTarget(call.path).path), false);
    if (!call.page.empty()) checkPath(reader, "page", std::string(core::splitTarget(call.page).path), false);
    if (call.method == "GET" && (!call.page.empty() || !call.post.empty())) {
        reader.complain("method", "page and post need method POST");
    }
    return call;
}

void readLimits(MapReader& reader, SystemLimits& limits) {
    limits.maxRequestBodyBytes =
        reader.byteSize("max_request_body", limits.maxRequestBodyBytes, {0, 16ULL * 1024 * 1024 * 1024});
    limits.maxConnections = reader.integer("max_connections", limits.maxConnections, {1, 10'000});
    limits.connectTimeout = reader.duration("connect_timeout", limits.connectTimeout, {10, 60'000});
    limits.responseTimeout = reader.duration("response_timeout", limits.responseTimeout, {100, 3'600'000});
    limits.signOnTimeout = reader.duration("sign_on_timeout", limits.signOnTimeout, {100, 60'000});
    limits.sessionIdle = reader.duration("session_idle", limits.sessionIdle, {0, 90LL * 86400 * 1000});
}

void readTraffic(MapReader& reader, TrafficRules& rules) {
    rules.script = reader.requireText("script");
    rules.requestFields = reader.texts("request_fields");
    rules.answerFields = reader.texts("answer_fields");
    rules.maxInstructions = reader.integer("max_instructions", rules.maxInstructions, {1000, 200'000});
    rules.maxMemoryBytes = reader.byteSize("max_memory", rules.maxMemoryBytes, {128 * 1024, 4 * 1024 * 1024});
    rules.maxTime = reader.duration("max_time", rules.maxTime, {1, 100});
}

/// A file that the manifest names must stand beside it.
core::Status checkFile(const config::YamlNode& root, const std::string& folder, const std::string& section,
                       const std::string& file) {
    std::error_code failure;
    if (file.empty() || std::filesystem::is_regular_file(std::filesystem::path(folder) / file, failure)) return {};
    const auto at = root.find(section);
    return (at ? *at : root).error("there is no file '" + file + "' in the folder");
}

void readSections(MapReader& reader, Manifest& manifest) {
    section(reader, "origin", [&](MapReader& r) { readOrigin(r, manifest.origin); });
    if (reader.require("login")) section(reader, "login", [&](MapReader& r) { readLogin(r, manifest.login); });
    if (reader.require("signals")) {
        section(reader, "signals", [&](MapReader& r) { readSignals(r, manifest.origin.charset, manifest.signals); });
    }
    section(reader, "paths", [&](MapReader& r) { readPaths(r, manifest.paths); });
    section(reader, "cookies", [&](MapReader& r) { manifest.cookies.pass = r.texts("pass"); });
    section(reader, "rewrite", [&](MapReader& r) { readRewrite(r, manifest.rewrite); });
    section(reader, "headers", [&](MapReader& r) { readHeaders(r, manifest.headers); });
    section(reader, "logout", [&](MapReader& r) { manifest.logout = readCall(r); });
    section(reader, "keepalive", [&](MapReader& r) {
        manifest.keepAlive.every = r.duration("every", std::chrono::milliseconds(0), {10'000, 86'400'000});
        manifest.keepAlive.call = readCall(r);
    });
    section(reader, "limits", [&](MapReader& r) { readLimits(r, manifest.limits); });
    if (reader.has("traffic")) section(reader, "traffic", [&](MapReader& r) { readTraffic(r, manifest.traffic); });
    manifest.hooks = reader.text("hooks", "");
}

/// Case and '-' or '_' make no difference; a final '*' stands for any rest.
bool sameHeader(std::string_view pattern, std::string_view name) noexcept {
    const auto same = [](char a, char b) {
        const char left = a == '_' ? '-' : core::toLower(a);
        return left == (b == '_' ? '-' : core::toLower(b));
    };
    const bool prefix = pattern.ends_with('*');
    if (prefix) pattern.remove_suffix(1);
    if (prefix ? name.size() < pattern.size() : name.size() != pattern.size()) return false;
    return std::equal(pattern.begin(), pattern.end(), name.begin(), same);
}

}  // namespace

void checkPath(MapReader& reader, std::string_view key, const std::string& path, bool pattern) {
    std::string literal(pattern ? std::string_view(path) : core::splitTarget(path).path);
    if (pattern) std::replace(literal.begin(), literal.end(), '*', 'x');
    const auto canonical = core::canonicalPath(literal);
    if (!canonical.ok()) {
        reader.complain(key, "'" + path + "': " + canonical.error().message);
    } else if (*canonical != literal) {
        reader.complain(key, "'" + path + "' is not in canonical form: write '" + *canonical + "'");
    }
}

core::Result<Manifest> Manifest::parse(const config::YamlNode& root) {
    config::YamlErrors errors;
    Manifest manifest;
    MapReader reader(root, errors);
    readIdentity(reader, manifest);
    readSections(reader, manifest);
    checkManifest(manifest, reader);
    reader.finish();
    YIMEN_TRY_STATUS(errors.status());
    return manifest;
}

core::Result<Manifest> Manifest::load(const std::string& folder) {
    const std::filesystem::path base(folder);
    YIMEN_TRY(const auto document, config::YamlDocument::load((base / "adapter.yaml").string()));
    YIMEN_TRY(auto manifest, parse(document.root()));
    manifest.folder = folder;
    const std::string name = base.filename().string();
    if (name != manifest.id) {
        const auto at = document.root().find("id");
        return (at ? *at : document.root()).error("id is '" + manifest.id + "' but the folder is '" + name + "'");
    }
    YIMEN_TRY_STATUS(checkFile(document.root(), folder, "hooks", manifest.hooks));
    YIMEN_TRY_STATUS(checkFile(document.root(), folder, "traffic", manifest.traffic.script));
    return manifest;
}

bool isIdentityHeader(const Manifest& manifest, std::string_view name) noexcept {
    // What systems behind gateways commonly believe; stripped for every system, whatever its manifest says.
    static constexpr std::string_view kAlways[] = {
        "X-Remote-*",         "Remote-User",        "X-Forwarded-User",
        "X-Forwarded-Email",  "X-Forwarded-Groups", "X-Forwarded-Preferred-Username",
        "X-Auth-*",           "X-WebAuth-*",        "X-User",
        "X-Username",         "X-Yimen-*",          "Authorization",
        "Proxy-Authorization"};
    for (const auto pattern : kAlways) {
        if (sameHeader(pattern, name)) return true;
    }
    const auto& rules = manifest.headers.identity;
    return std::any_of(rules.begin(), rules.end(), [&](const std::string& rule) { return sameHeader(rule, name); });
}

}  // namespace yimen::adapter
