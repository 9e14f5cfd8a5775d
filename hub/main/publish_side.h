#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/snapshot.h"
#include "config/yaml.h"
#include "core/clock.h"
#include "plugin/publisher.h"
#include "plugin/registry.h"
#include "sync/item_spec.h"

namespace yimen::main {

/// A file of the folder sync.sinks: which items go where. A value.
struct SinkSpec {
    std::string name;  ///< of the file
    std::string kind;  ///< a plugin of kind "sink"
    std::vector<std::string> items;
    bool personal = false;  ///< fields marked personal go there too
    config::YamlNode sink;
};

/// What changed in the items of the shared database goes to the sinks that the site names, after each run of an item
/// and under its lease. A sink that fails is left alone for a while, so that it does not hold up the runs, and gets
/// everything later: where it stands it knows itself. Thread-safe, blocking.
class PublishSide {
    /// Only open() makes one.
    struct Key {};

public:
    struct Parts {
        const core::Clock& clock;
        sync::ItemView& view;
        plugin::SecretSource secrets;
    };
    static constexpr std::chrono::seconds kFirstWait{10};
    static constexpr std::chrono::seconds kLongestWait{600};
    /// How long a run waits until what it wrote is settled; what is not goes with the next one.
    static constexpr std::chrono::seconds kSettle{5};

    /// The files, with every fault; for `yimen check` too. None without sync.sinks.
    static core::Result<std::vector<SinkSpec>> read(const config::Snapshot& config,
                                                    const std::vector<sync::SystemData>& systems);
    static core::Result<std::unique_ptr<PublishSide>> open(Parts parts, std::vector<SinkSpec> specs,
                                                           const plugin::Registry& plugins);
    PublishSide(Key, Parts parts) : parts_(std::move(parts)) {}

    /// True when some sink gets the item.
    bool wants(const std::string& item) const;
    /// To every sink that gets the item. The error is the first sink's that failed; the others have got theirs.
    core::Result<plugin::Published> publish(const sync::ItemSpec& item, sync::RunId run);
    /// After a run: waits until it is settled, publishes, logs what failed.
    void afterRun(const sync::ItemSpec& item, const sync::Run& run);
    /// Makes what is under way end soon, for good.
    void stop();

private:
    struct Outlet {
        SinkSpec spec;
        std::unique_ptr<plugin::PluginSink> sink;
        std::int64_t failures = 0;
        core::MonoTime nextTry{};
    };
    core::Result<plugin::Published> give(Outlet& outlet, const sync::ItemSpec& item, sync::RunId run);
    bool isDue(const Outlet& outlet);
    void note(Outlet& outlet, bool failed);
    void waitUntilSettled(std::int64_t moment);

    Parts parts_;
    std::vector<std::unique_ptr<Outlet>> outlets_;
    std::shared_ptr<std::atomic<bool>> stopping_ = std::make_shared<std::atomic<bool>>(false);
    std::mutex mutex_;
    std::condition_variable wake_;
};

}  // namespace yimen::main
