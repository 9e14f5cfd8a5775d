#include "plugin/registry.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/log.h"
#include "plugin/library_file.h"

namespace yimen::plugin {

namespace {

/// Names of the files NAME.so in the folder that the allow list does not name.
std::vector<std::string> others(const config::Plugins& plugins) {
    std::vector<std::string> out;
    std::error_code error;
    for (std::filesystem::directory_iterator at(plugins.dir, error), end; !error && at != end; at.increment(error)) {
        const std::filesystem::path& path = at->path();
        if (path.extension() == ".so" && !plugins.allow.contains(path.stem().string()))
            out.push_back(path.stem().string());
    }
    return out;
}

}  // namespace

const char* toString(PluginState::State state) noexcept {
    switch (state) {
        case PluginState::State::kLoaded:
            return "loaded";
        case PluginState::State::kRefused:
            return "refused";
        case PluginState::State::kNotAllowed:
            return "not allowed";
    }
    return "";
}

Registry Registry::open(const config::Plugins& plugins) {
    Registry out;
    if (plugins.dir.empty()) return out;
    for (const auto& [name, sha256] : plugins.allow) {
        const std::string path = plugins.dir + "/" + name + ".so";
        PluginState state{name, PluginState::State::kLoaded, {}, {}, checkLibraryFile(path).valueOr(""), {}};
        const auto library = Library::open(path, sha256);
        if (library.ok()) {
            state.kind = (*library)->kind();
            state.version = (*library)->version();
            out.libraries_[name] = *library;
            core::logInfo("plugin.loaded", {{"plugin", name}, {"version", state.version}, {"sha256", sha256}});
        } else {
            state.state = PluginState::State::kRefused;
            state.reason = library.error().message;
            core::logWarn("plugin.refused", {{"plugin", name}, {"reason", state.reason}});
        }
        out.list_.push_back(std::move(state));
    }
    for (const std::string& name : others(plugins)) {
        const auto sha256 = checkLibraryFile(plugins.dir + "/" + name + ".so");
        out.list_.push_back({name,
                             PluginState::State::kNotAllowed,
                             {},
                             {},
                             sha256.ok() ? *sha256 : std::string(),
                             sha256.ok() ? "不在 plugins.allow 中 / not in plugins.allow" : sha256.error().message});
    }
    std::sort(out.list_.begin(), out.list_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return out;
}

core::Result<std::shared_ptr<const Library>> Registry::find(const std::string& name, const std::string& kind) const {
    const auto found = libraries_.find(name);
    if (found == libraries_.end()) {
        for (const PluginState& state : list_) {
            if (state.name == name) {
                return core::makeError(core::ErrorCode::kDenied,
                                       "插件不可用 / the plugin '" + name + "' is not in force: " + state.reason);
            }
        }
        return core::makeError(core::ErrorCode::kNotFound,
                               "没有这个插件 / no plugin '" + name + "': see yimen plugin list");
    }
    if (found->second->kind() != kind) {
        return core::makeError(core::ErrorCode::kDenied, "种类不符 / the plugin '" + name + "' is a " +
                                                             found->second->kind() + ", not a " + kind);
    }
    return found->second;
}

}  // namespace yimen::plugin
