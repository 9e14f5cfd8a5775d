#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugin/instance.h"
#include "sync/source.h"

namespace yimen::plugin {

/// A read through a plugin: lends the batch's own memory to it, and checks every cell when it comes back. After an
/// exception or a broken rule the reader is not called again. One thread at a time. Inner part of this folder.
class PluginReader final : public sync::Reader {
public:
    PluginReader(std::shared_ptr<Instance> instance, void* reader, std::vector<std::string> columns,
                 sync::Position from);
    PluginReader(const PluginReader&) = delete;
    PluginReader& operator=(const PluginReader&) = delete;
    ~PluginReader() override;

    core::Result<sync::ReadState> read(sync::Batch& into) override;
    core::Status confirm(const sync::Position& position) override;

private:
    struct Lent;
    core::Status fill(sync::Batch& into, Lent& lent, YimenReadState& state);
    core::Status settle(sync::Batch& into, const Lent& lent, const YimenReadState& state);
    core::Error broke(std::string_view what);

    std::shared_ptr<Instance> instance_;
    void* reader_;
    std::vector<std::string> columns_;
    sync::Position position_;
    std::optional<core::Error> failed_;  ///< why the plugin is not called any more
    std::size_t rowRoom_;                ///< lent next time: twice what was used last
    std::size_t arenaRoom_;
};

}  // namespace yimen::plugin
