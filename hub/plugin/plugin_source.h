#pragma once

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
    bool canRead(sync::ReadMode mode) const noexcept override;
    core::Result<std::vector<sync::Partition>> partitions(sync::ReadMode mode) override;
    core::Result<std::unique_ptr<sync::Reader>> open(const sync::Partition& partition, sync::ReadMode mode,
                                                     sync::Position from) override;

    /// `instance` is of a source; use make().
    explicit PluginSource(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

private:
    core::Result<std::vector<sync::Partition>> ask(sync::ReadMode mode) const;

    std::shared_ptr<Instance> instance_;
};

}  // namespace yimen::plugin
