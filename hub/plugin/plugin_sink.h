#pragma once

#include <memory>

#include "plugin/instance.h"
#include "sync/batch.h"
#include "sync/source.h"
#include "sync/target.h"

namespace yimen::plugin {

/// A writing of one item through a plugin of kind "sink". Whoever writes goes on behind committed(): exactly once where
/// the sink commits rows and position as one; where it cannot, what was written since the last commit comes again, so
/// rows are upserts by key. One thread.
class PluginWriter {
public:
    PluginWriter(std::shared_ptr<Instance> instance, void* writer, sync::Position committed);
    PluginWriter(const PluginWriter&) = delete;
    PluginWriter& operator=(const PluginWriter&) = delete;
    ~PluginWriter();

    /// Where the sink says it stands; empty when it keeps no position.
    const sync::Position& committed() const noexcept { return committed_; }
    /// The plugin reads the batch's own memory; nothing is copied.
    core::Status write(const sync::Batch& rows);
    core::Status commit(const sync::Position& position);

private:
    std::shared_ptr<Instance> instance_;
    void* writer_;
    sync::Position committed_;
};

/// A plugin of kind "sink". Thread-safe.
class PluginSink {
public:
    explicit PluginSink(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}
    static core::Result<std::unique_ptr<PluginSink>> make(std::shared_ptr<const Library> library,
                                                          const InstanceParts& parts);
    /// `run` is told to the sink, which may note it with the rows.
    core::Result<std::unique_ptr<PluginWriter>> begin(const sync::ItemTable& item, sync::RunId run = 0);

private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace yimen::plugin
