#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/result.h"
#include "plugin/include/yimen_plugin.h"

/// The fourth seam: every call into a plugin goes through here. Inner part of this folder.
namespace yimen::plugin {

/// A view of ours for the other side and back.
inline YimenText toPlugin(std::string_view text) noexcept {
    return {text.data(), text.size()};
}
inline std::string_view fromPlugin(YimenText text) noexcept {
    return text.data == nullptr ? std::string_view{} : std::string_view(text.data, text.length);
}

/// What a code of the interface means here; an unknown number is kInternal. YIMEN_CANCELLED is kUnavailable: the run is
/// over, and nothing is wrong with the source.
core::ErrorCode errorCodeOf(std::int32_t code) noexcept;

/// A plugin's words as an Error: cut, made valid UTF-8, and said whose they are.
core::Error pluginError(std::string_view plugin, std::string_view call, std::int32_t code, const YimenError& error);
/// "the plugin 'mysql' threw an exception in read: ...".
core::Error pluginThrew(std::string_view plugin, std::string_view call, std::string_view what);
/// "the plugin 'mysql' broke the interface in read: ...". kInternal.
core::Error pluginBroke(std::string_view plugin, std::string_view call, std::string_view what);

/// Runs one call into the plugin. `body` gets the error to fill in and returns the plugin's code. An exception that
/// crosses the border, of whatever type, ends here.
template <typename Body>
core::Status callPlugin(std::string_view plugin, std::string_view call, const Body& body) {
    YimenError error{};
    error.size = sizeof error;
    try {
        const std::int32_t code = body(&error);
        if (code == YIMEN_OK) return {};
        return pluginError(plugin, call, code, error);
    } catch (const std::exception& thrown) {
        return pluginThrew(plugin, call, thrown.what());
    } catch (...) {
        return pluginThrew(plugin, call, "of an unknown type");
    }
}

}  // namespace yimen::plugin
