#include <set>

#include "config/fields.h"
#include "config/sections.h"
#include "core/ip_address.h"

namespace yimen::config::sections {

namespace {

using namespace fields;  // NOLINT(google-build-using-namespace): this file is one table of fields

constexpr std::string_view kNeedsTls =
    "'tls' is missing: give certificate and key, or write 'plain: true' where a TLS terminator stands before";

void readCertificates(MapReader& map, Listener& out, const std::string& base) {
    const auto list = map.child("tls");
    if (!list || list->isNull()) return;
    if (!list->isList()) {
        map.complain("tls", "'tls' must be a list of {certificate, key}");
        return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        MapReader item(list->at(i), map.errors());
        CertificateFiles files{item.requireText("certificate"), item.requireText("key")};
        path(item, "certificate", files.certificate, base);
        path(item, "key", files.key, base);
        item.finish();
        out.tls.push_back(std::move(files));
    }
}

void checkListener(MapReader& map, const Listener& out) {
    if (!core::IpAddress::parse(out.address).ok())
        map.complain("address", "'address' must be an IP address, such as 0.0.0.0 or ::1");
    if (out.tls.empty() && !out.plain) map.complain("tls", kNeedsTls);
    if (!out.tls.empty() && out.plain) map.complain("plain", "'plain: true' and 'tls' exclude each other");
    if ((out.proxyProtocol || out.forwardedHeaders) && out.trustedPeers.empty()) {
        map.complain("trusted_peers", "'trusted_peers' must name who may send PROXY or forwarded headers");
    }
}

Listener readListener(const YamlNode& node, YamlErrors& errors, const std::string& base) {
    Listener out;
    MapReader map(node, errors);
    text(map, "address", out.address);
    count(map, "port", out.port, {0, 65535});
    readCertificates(map, out, base);
    flag(map, "plain", out.plain);
    flag(map, "proxy_protocol", out.proxyProtocol);
    flag(map, "forwarded_headers", out.forwardedHeaders);
    networks(map, "trusted_peers", out.trustedPeers);
    checkListener(map, out);
    map.finish();
    return out;
}

void readListeners(MapReader& map, Server& out, const std::string& base) {
    const auto list = map.require("listeners");
    if (!list) return;
    if (!list->isList() || list->size() == 0) {
        map.complain("listeners", "'listeners' must be a list with at least one listener");
        return;
    }
    std::set<std::pair<std::string, std::uint16_t>> seen;
    for (std::size_t i = 0; i < list->size(); ++i) {
        out.listeners.push_back(readListener(list->at(i), map.errors(), base));
        const auto& listener = out.listeners.back();
        if (listener.port != 0 && !seen.emplace(listener.address, listener.port).second) {
            map.errors().add(list->at(i).error("this address and port are listened on twice"));
        }
    }
}

void readHosts(MapReader& map, Server& out) {
    out.hubHost = map.requireText("hub_host");
    if (!out.hubHost.empty() && !isHostName(out.hubHost)) {
        map.complain("hub_host", "'hub_host' must be a host name in lower case, without scheme and port");
    }
    out.appDomain = map.text("app_domain", out.hubHost);
    if (!out.appDomain.empty() && !isHostName(out.appDomain)) {
        map.complain("app_domain", "'app_domain' must be a host name in lower case, without scheme and port");
    }
}

}  // namespace

void readServer(MapReader& parent, Server& out, const std::string& base) {
    const auto node = parent.require("server");
    if (!node) return;
    MapReader map(*node, parent.errors());
    readListeners(map, out, base);
    readHosts(map, out);
    out.publicScheme =
        map.choice("public_scheme", out.publicScheme, {{"https", std::string("https")}, {"http", std::string("http")}});
    count(map, "public_port", out.publicPort, {0, 65535});
    if (out.publicPort == 0 && !out.listeners.empty()) out.publicPort = out.listeners.front().port;
    count(map, "loops", out.loops, {0, 256});
    time(map, "drain_timeout", out.drainTimeout, {0, kHour});
    time(map, "ticket_key_lifetime", out.ticketKeyLifetime, {kMinute, 7 * kDay});
    map.finish();
}

}  // namespace yimen::config::sections
