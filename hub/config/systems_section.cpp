#include "config/fields.h"
#include "config/sections.h"
#include "core/url.h"

namespace yimen::config::sections {

namespace {

using namespace fields;  // NOLINT(google-build-using-namespace): this file is one table of fields

void readOrigins(MapReader& map, System& out) {
    out.origins = map.texts("origins");
    if (out.origins.empty()) {
        map.complain("origins", "'origins' must name at least one server, such as https://10.1.2.3:8080");
    }
    std::string scheme;
    for (const auto& origin : out.origins) {
        const auto url = core::Url::parse(origin);
        if (!url.ok() || url->path != "/" || url->hasQuery) {
            map.complain("origins", "'" + origin + "' must be scheme, host and port only, such as https://10.1.2.3");
        } else if (!scheme.empty() && url->scheme != scheme) {
            map.complain("origins", "all origins of one system must have the same scheme");
        } else {
            scheme = url->scheme;
        }
    }
}

bool isFingerprint(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void readTls(MapReader& parent, SystemTls& out, const std::string& base) {
    const auto node = parent.child("tls");
    if (!node) return;
    MapReader map(*node, parent.errors());
    flag(map, "verify", out.verify);
    path(map, "ca_file", out.caFile, base);
    text(map, "pin_sha256", out.pinSha256);
    text(map, "server_name", out.serverName);
    flag(map, "allow_tls10", out.allowTls10);
    if (!out.pinSha256.empty() && !isFingerprint(out.pinSha256)) {
        map.complain("pin_sha256", "'pin_sha256' must be 64 lower-case hexadecimal digits");
    }
    if (!out.verify && out.pinSha256.empty()) {
        map.complain("verify", "'verify: false' needs 'pin_sha256': without either anybody could answer for it");
    }
    if (!out.serverName.empty() && !isHostName(out.serverName)) {
        map.complain("server_name", "'server_name' must be a host name in lower case");
    }
    map.finish();
}

/// A value that stays empty when the file does not name it.
template <typename T, typename Read>
void optional(MapReader& map, const char* key, std::optional<T>& out, T otherwise, Read read) {
    if (!map.has(key)) return;
    read(map, key, otherwise);
    out = otherwise;
}

System readSystem(const YamlNode& node, YamlErrors& errors, const std::string& base) {
    System out;
    MapReader map(node, errors);
    flag(map, "enabled", out.enabled);
    readOrigins(map, out);
    readTls(map, out.tls, base);
    optional(map, "connect_timeout", out.connectTimeout, Millis{}, [](MapReader& from, const char* key, Millis& to) {
        time(from, key, to, {100, kMinute});
    });
    optional(map, "read_timeout", out.readTimeout, Millis{}, [](MapReader& from, const char* key, Millis& to) {
        time(from, key, to, {kSecond, kHour});
    });
    time(map, "total_timeout", out.totalTimeout, {0, kDay});
    optional(map, "max_connections", out.maxConnections, 0U, [](MapReader& from, const char* key, unsigned& to) {
        count(from, key, to, {1, 100000});
    });
    map.finish();
    return out;
}

}  // namespace

void readPlugins(MapReader& parent, Plugins& out, const std::string& base) {
    const auto node = parent.child("plugins");
    if (!node) return;
    MapReader map(*node, parent.errors());
    path(map, "dir", out.dir, base);
    if (const auto allow = map.child("allow")) {
        MapReader names(*allow, parent.errors());
        for (const auto& [name, unused] : allow->entries()) {
            if (!isId(name)) names.complain(name, "a plugin's name is lower-case letters, digits and '-'");
            text(names, name, out.allow[name]);
            if (!isFingerprint(out.allow[name])) {
                names.complain(name, "'" + name + "' must be the sha256 of its file, as yimen plugin list shows it");
            }
        }
        names.finish();
    }
    if (out.dir.empty() && !out.allow.empty()) map.complain("allow", "'allow' needs 'dir', the folder of the plugins");
    map.finish();
}

void readSystems(MapReader& parent, std::map<std::string, System>& out, const std::string& base) {
    const auto node = parent.child("systems");
    if (!node) return;
    MapReader map(*node, parent.errors());
    for (const auto& [id, system] : node->entries()) {
        map.child(id);
        if (!isId(id)) map.complain(id, "a system's id is lower-case letters, digits and '-', as in adapters/");
        out[id] = readSystem(system, parent.errors(), base);
    }
    map.finish();
}

}  // namespace yimen::config::sections
