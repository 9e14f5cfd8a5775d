#include "main/generation.h"

#include "core/log.h"

namespace yimen::main {

namespace {

core::Url urlOf(const config::Snapshot& config, std::uint16_t port, const std::string& host) {
    core::Url url;
    url.scheme = config.server.publicScheme;
    url.host = host;
    url.port = port;
    return url;
}

adapter::SystemSettings settingsOf(const config::System& system) {
    adapter::SystemSettings settings;
    settings.enabled = system.enabled;
    settings.caFile = system.tls.caFile;
    for (const auto& text : system.origins) {
        // The configuration checked the spelling already.
        if (auto url = core::Url::parse(text); url.ok()) settings.origins.push_back(*url);
    }
    return settings;
}

}  // namespace

net::UpstreamConfig upstreamOf(const adapter::Manifest& manifest, const config::System& system) {
    net::UpstreamConfig upstream;
    upstream.name = manifest.id;
    for (const auto& server : manifest.origin.servers) upstream.origins.push_back({server.host, server.port});
    upstream.tls.enabled = manifest.origin.servers.front().secure();
    upstream.tls.caFile = system.tls.caFile;
    upstream.tls.pinnedSha256 = system.tls.pinSha256;
    upstream.tls.serverName = system.tls.serverName;
    upstream.tls.allowTls10 = system.tls.allowTls10;
    // The administrator knows this installation; the manifest knows the kind of system.
    const auto& limits = manifest.limits;
    upstream.connectTimeout = system.connectTimeout.value_or(limits.connectTimeout);
    upstream.readTimeout = system.readTimeout.value_or(limits.responseTimeout);
    upstream.totalTimeout = system.totalTimeout;
    upstream.maxConnections = system.maxConnections.value_or(static_cast<unsigned>(limits.maxConnections));
    return upstream;
}

namespace {

core::Result<std::shared_ptr<const gateway::RouteTable>> buildRoutes(const config::Snapshot& config, std::uint16_t port,
                                                                     const core::Clock& clock,
                                                                     const adapter::Catalog& catalog,
                                                                     const Generation* before) {
    auto table = std::make_shared<gateway::RouteTable>();
    const auto settingsIn = [](const std::map<std::string, config::System>& systems, const std::string& id) {
        const auto found = systems.find(id);
        return found == systems.end() ? config::System{} : found->second;
    };
    for (const auto& [id, system] : catalog.systems()) {
        const auto app = appUrlOf(config, port, id);
        const config::System settings = settingsIn(config.systems, id);
        if (before != nullptr) {
            const auto* old = before->routes->find(app.host);
            if (old != nullptr && (*old)->adapter == system && settingsIn(before->systems, id) == settings) {
                table->add(app.host, *old);
                continue;
            }
        }
        YIMEN_TRY(auto upstream, net::UpstreamGroup::create(upstreamOf(system->manifest(), settings), clock));
        table->add(app.host,
                   std::make_shared<const gateway::Route>(system, std::move(upstream), app, hubUrlOf(config, port),
                                                          system->manifest().origin.servers.front()));
    }
    return std::shared_ptr<const gateway::RouteTable>(std::move(table));
}

}  // namespace

core::Url hubUrlOf(const config::Snapshot& config, std::uint16_t port) {
    return urlOf(config, port, config.server.hubHost);
}

core::Url appUrlOf(const config::Snapshot& config, std::uint16_t port, const std::string& system) {
    return urlOf(config, port, system + '.' + config.server.appDomain);
}

core::Result<std::shared_ptr<const adapter::Catalog>> loadCatalog(const config::Snapshot& config,
                                                                  const core::Clock& clock,
                                                                  const adapter::Catalog* before) {
    adapter::CatalogOptions options;
    options.folder = config.adaptersDir;
    options.clock = &clock;
    for (const auto& [id, system] : config.systems) options.systems.emplace(id, settingsOf(system));
    return before == nullptr ? adapter::Catalog::load(options) : adapter::Catalog::reload(*before, options);
}

core::Result<std::shared_ptr<const policy::PolicyEngine>> loadPolicy(const config::Snapshot& config,
                                                                     const adapter::Catalog& catalog,
                                                                     const core::Clock& clock) {
    policy::EngineSources sources{config.policiesDir, {}, config.zones};
    for (const auto& [id, system] : catalog.systems()) {
        sources.systems.push_back({id, system->manifest().category, system->manifest().level});
    }
    return policy::loadEngine(std::move(sources), clock);
}

core::Result<Generation> loadGeneration(const config::Snapshot& config, std::uint16_t publicPort,
                                        const core::Clock& clock, const Generation* before,
                                        std::vector<std::string>& faults) {
    Generation next;
    next.systems = config.systems;
    YIMEN_TRY(next.catalog, loadCatalog(config, clock, before == nullptr ? nullptr : before->catalog.get()));
    for (const auto& refused : next.catalog->refused()) {
        faults.push_back(refused.error.message);
        core::logError("adapter.refused", {{"id", refused.id}, {"error", refused.error.message}});
    }
    YIMEN_TRY(next.policy, loadPolicy(config, *next.catalog, clock));
    YIMEN_TRY(next.routes, buildRoutes(config, publicPort, clock, *next.catalog, before));
    return next;
}

}  // namespace yimen::main
