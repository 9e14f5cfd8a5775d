#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/secret.h"
#include "plugin/include/yimen_plugin.h"

namespace yimen::plugin {

using CancelFlag = std::shared_ptr<const std::atomic<bool>>;

/// What the hub does for one instance of a plugin: its log, its secrets, the wish to stop. Its functions are called by
/// the plugin from any thread and let no exception out. Outlives the instance; does not move.
class HostServices {
public:
    static constexpr std::size_t kMaxLogText = 4000;

    /// `declared`: the secrets of the schema; `secrets`: those the item gives.
    HostServices(std::string plugin, std::vector<std::string> declared, std::map<std::string, core::Secret> secrets,
                 CancelFlag cancelled);
    HostServices(const HostServices&) = delete;
    HostServices& operator=(const HostServices&) = delete;

    const YimenHost* table() const noexcept { return &table_; }

private:
    static void log(void* context, std::int32_t level, YimenText message);
    static std::int32_t secret(void* context, YimenText name, YimenText* value);
    static std::int32_t isCancelled(void* context);
    std::string masked(std::string_view text) const;

    std::string plugin_;
    std::vector<std::string> declared_;
    std::map<std::string, core::Secret> secrets_;
    CancelFlag cancelled_;
    YimenHost table_{};
};

}  // namespace yimen::plugin
