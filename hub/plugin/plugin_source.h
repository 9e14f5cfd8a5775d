#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "plugin/instance.h"
#include "sync/source.h"

namespace yimen::plugin {

/// A plugin of kind "source" as a Source like any other: what it gives is checked before anybody sees it. Thread-safe;
/// a library that is not thread-safe takes its callers one after the other, also during their reads.
class PluginSource final : public sync::Source {
public:
    static constexpr std::size_t kMaxColumns = 4096;

    static core::Result<std::unique_ptr<sync::Source>> make(std::shared_ptr<const Library> library,
                                                            const InstanceParts& parts);

    core::Result<std::vector<sync::SourceField>> describe() override;
    /// False when the plugin refuses the parts of such a read as invalid: an item that names no watermark.
    bool canRead(sync::ReadMode mode) const override;
    core::Result<std::vector<sync::Partition>> partitions(sync::ReadMode mode) override;
    core::Result<std::unique_ptr<sync::Reader>> open(const sync::Partition& partition, sync::ReadMode mode,
                                                     sync::Position from) override;

    /// The plugin hears of it when it asks (YimenHost::cancelled); one that never does is waited for.
    void interrupt() noexcept override;

    using Stop = std::shared_ptr<std::atomic<bool>>;
    /// `instance` is of a source and looks at `stop`; use make().
    PluginSource(std::shared_ptr<Instance> instance, Stop stop)
        : instance_(std::move(instance)), stop_(std::move(stop)) {}

private:
    core::Result<std::vector<sync::Partition>> ask(sync::ReadMode mode) const;

    std::shared_ptr<Instance> instance_;
    const Stop stop_;
};

}  // namespace yimen::plugin
