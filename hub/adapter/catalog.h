#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/system_adapter.h"
#include "core/clock.h"
#include "core/result.h"

namespace yimen::adapter {

/// What the hub's configuration says about one system (`systems.<id>`).
struct SystemSettings {
    std::vector<core::Url> origins;  ///< replaces the manifest's when not empty
    std::string caFile;
    std::string pinnedKey;
    bool enabled = true;
};

/// Makes the client an adapter's sign-ons use. The default makes a CurlClient for the manifest's origins.
using ClientFactory = std::function<std::shared_ptr<http::HttpClient>(const Manifest&, const SystemSettings&)>;

struct CatalogOptions {
    std::string folder;                             ///< holds one folder per adapter
    std::map<std::string, SystemSettings> systems;  ///< by id
    const core::Clock* clock = nullptr;             ///< must outlive every catalog
    ClientFactory clients;                          ///< empty: CurlClient
};

/// A folder that did not become an adapter, and why (each line "file:line:column: what").
struct RefusedAdapter {
    std::string id;
    std::string folder;
    core::Error error;
};

/// All systems at one moment. Immutable, shared between threads behind an atomic shared_ptr.
class Catalog {
public:
    /// Reads every folder below options.folder that holds an adapter.yaml. One bad adapter does not keep the others
    /// out: it is listed in refused(). Blocking (files); no network.
    static core::Result<std::shared_ptr<const Catalog>> load(const CatalogOptions& options);
    /// As load, but an adapter whose files and settings did not change is the same object as before, so that the people
    /// signed on there stay so; one that is refused now and was good before stays as it was (and is in refused()).
    static core::Result<std::shared_ptr<const Catalog>> reload(const Catalog& before, const CatalogOptions& options);
    /// The same with one folder read anew, the others kept as they are. The catalog before is not touched when the new
    /// adapter is refused: the Error says why.
    static core::Result<std::shared_ptr<const Catalog>> reloadOne(const Catalog& before, const CatalogOptions& options,
                                                                  const std::string& id);

    /// Null when there is no such system. The pointer lives as long as somebody holds it.
    std::shared_ptr<const SystemAdapter> find(std::string_view id) const;
    /// By id, in order.
    const std::map<std::string, std::shared_ptr<const SystemAdapter>, std::less<>>& systems() const { return systems_; }
    const std::vector<RefusedAdapter>& refused() const noexcept { return refused_; }

private:
    std::map<std::string, std::shared_ptr<const SystemAdapter>, std::less<>> systems_;
    std::map<std::string, std::string> fingerprints_;  ///< by id; of what the adapter was made of
    std::vector<RefusedAdapter> refused_;
};

}  // namespace yimen::adapter
