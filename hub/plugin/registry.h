#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/snapshot.h"
#include "core/result.h"
#include "plugin/library.h"

namespace yimen::plugin {

/// One file of the plugin folder, or one name of the allow list, for `yimen plugin list`.
struct PluginState {
    enum class State { kLoaded, kRefused, kNotAllowed };
    std::string name;
    State state = State::kRefused;
    std::string kind;     ///< kLoaded only
    std::string version;  ///< kLoaded only
    std::string sha256;   ///< of the file, where it could be read
    std::string reason;   ///< why it is not loaded
};
const char* toString(PluginState::State state) noexcept;

/// The plugins of this hub: opened once at start, in force until the process ends. Immutable; any thread.
class Registry {
public:
    /// Opens every plugin of the allow list. One that is refused stands in list() with its reason and hinders nothing
    /// else. Blocking.
    static Registry open(const config::Plugins& plugins);

    /// kNotFound names what there is; kDenied says why a plugin was refused, or that its kind is another one.
    core::Result<std::shared_ptr<const Library>> find(const std::string& name, const std::string& kind) const;
    /// By name; what lies in the folder without being allowed is there too, with its digest.
    const std::vector<PluginState>& list() const noexcept { return list_; }

private:
    std::map<std::string, std::shared_ptr<const Library>> libraries_;
    std::vector<PluginState> list_;
};

}  // namespace yimen::plugin
