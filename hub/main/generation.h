#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapter/catalog.h"
#include "config/snapshot.h"
#include "gateway/route.h"
#include "policy/load.h"

namespace yimen::main {

/// What a reload replaces as one: adapters, routes and rules that fit each other. Immutable.
struct Generation {
    std::map<std::string, config::System> systems;  ///< what the configuration said about each
    std::shared_ptr<const adapter::Catalog> catalog;
    std::shared_ptr<const gateway::RouteTable> routes;
    std::shared_ptr<const policy::PolicyEngine> policy;
};

/// "https://yimen.example:8443"
core::Url hubUrlOf(const config::Snapshot& config, std::uint16_t port);
/// "https://ID.yimen.example:8443"
core::Url appUrlOf(const config::Snapshot& config, std::uint16_t port, const std::string& system);

/// Reads adapters and policies and builds routes for the systems that are switched on. `before` may be null; an adapter
/// that is refused now and was good before stays as it was. `faults` gets one line per complaint. Blocking.
core::Result<Generation> loadGeneration(const config::Snapshot& config, std::uint16_t publicPort,
                                        const core::Clock& clock, const Generation* before,
                                        std::vector<std::string>& faults);

/// How a system is reached. A limit in `systems.<id>` wins over the manifest's, the manifest's over its default.
net::UpstreamConfig upstreamOf(const adapter::Manifest& manifest, const config::System& system);

/// The rules alone, with the zones of the configuration; for the command line too. `clock` must outlive the engine.
core::Result<std::shared_ptr<const policy::PolicyEngine>> loadPolicy(const config::Snapshot& config,
                                                                     const adapter::Catalog& catalog,
                                                                     const core::Clock& clock);
core::Result<std::shared_ptr<const adapter::Catalog>> loadCatalog(const config::Snapshot& config,
                                                                  const core::Clock& clock,
                                                                  const adapter::Catalog* before);

}  // namespace yimen::main
