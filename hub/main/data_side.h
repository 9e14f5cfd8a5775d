#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "config/snapshot.h"
#include "core/clock.h"
#include "core/published.h"
#include "core/random.h"
#include "crypto/key_ring.h"
#include "main/publish_side.h"
#include "plugin/registry.h"
#include "sync/item_spec.h"
#include "sync/run.h"
#include "sync/runner/item_runner.h"
#include "sync/runner/replayer.h"
#include "sync/targets/options.h"
#include "vault/vault.h"

namespace yimen::main {

using Systems = std::vector<sync::SystemData>;

/// An item and the system that supplies it, as they were when they were asked for.
struct ItemPlace {
    std::shared_ptr<const Systems> all;  ///< what the two point into
    const sync::SystemData* system = nullptr;
    const sync::ItemSpec* item = nullptr;
};

/// The data side of the hub: catalogue, data.yaml of every system, shared database, and what makes sources and mappers.
/// The command line and the server make one each. Thread-safe once opened; parts are destroyed in reverse order.
class DataSide {
    /// Only open() makes one.
    struct Key {};

public:
    struct Dependencies {
        config::SnapshotPtr config;
        const core::Clock& clock;
        core::Random& random;
        std::shared_ptr<const crypto::KeyRing> keys;
        vault::Vault* vault = nullptr;  ///< null beside a running hub, which alone may open and audit accounts
        sync::FailPoint failPoint;
    };

    /// Reads catalogue and data.yaml files and opens the shared database. The error names every fault.
    static core::Result<std::unique_ptr<DataSide>> open(Dependencies dependencies);
    DataSide(Key, Dependencies dependencies);
    /// Files alone, for `yimen check` and `yimen item`: no database, no keys.
    static core::Result<catalog::Catalog> readCatalog(const config::Snapshot& config);
    /// `sourceKind` is empty for a system whose data this site does not reach (no <id>.yaml in sync.sources).
    static core::Result<Systems> readSystems(const config::Snapshot& config);

    const catalog::Catalog& catalog() const noexcept { return catalog_; }
    std::shared_ptr<const Systems> systems() const { return systems_.load(); }
    /// Puts other definitions in force; what runs goes on with those it began with.
    void useSystems(std::shared_ptr<const Systems> next) { systems_.store(std::move(next)); }
    /// kNotFound with what to do when no data.yaml supplies the item.
    core::Result<ItemPlace> find(const std::string& code) const;
    sync::SharedDatabase& shared() noexcept { return shared_; }
    sync::ItemRunner& runner() noexcept { return *runner_; }
    sync::Replayer& replayer() noexcept { return *replayer_; }
    PublishSide& publishing() noexcept { return *publishing_; }

    core::Result<std::unique_ptr<sync::Source>> source(const sync::SystemData& system, const sync::ItemSpec& item);
    /// The adapter folder of a system.
    std::string folderOf(const std::string& system) const;
    sync::MapperServices mapperServices();
    core::Result<std::unique_ptr<sync::Mapper>> mapper(const sync::ItemSpec& item,
                                                       const std::vector<sync::SourceField>& columns);

private:
    core::Status openShared();
    core::Status openSinks();
    core::Result<core::Secret> secret(const std::string& reference);

    Dependencies dependencies_;
    catalog::Catalog catalog_;
    core::Published<Systems> systems_;
    plugin::Registry plugins_;
    sync::SharedDatabase shared_;
    sync::MemoryBudget budget_;
    std::unique_ptr<sync::ItemRunner> runner_;
    std::unique_ptr<sync::Replayer> replayer_;
    std::unique_ptr<PublishSide> publishing_;
};

}  // namespace yimen::main
