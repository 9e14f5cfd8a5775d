#include "plugin/seam.h"

#include <algorithm>
#include <array>

#include "core/unicode.h"

namespace yimen::plugin {

namespace {

using core::ErrorCode;

constexpr std::array<ErrorCode, 13> kCodes{ErrorCode::kInternal, ErrorCode::kInvalidInput,    ErrorCode::kDenied,
                                           ErrorCode::kNotFound, ErrorCode::kUnavailable,     ErrorCode::kTimeout,
                                           ErrorCode::kUpstream, ErrorCode::kCorrupt,         ErrorCode::kUnavailable,
                                           ErrorCode::kTooLarge, ErrorCode::kUnauthenticated, ErrorCode::kInternal,
                                           ErrorCode::kConflict};

/// Printable text of foreign bytes: what is not UTF-8 or a control character becomes '?'.
std::string cleaned(std::string_view bytes) {
    std::string out(bytes.substr(0, YIMEN_ERROR_TEXT));
    for (std::size_t cut = 0; cut < 3 && !out.empty() && !core::isValidUtf8(out); ++cut) out.pop_back();
    if (!core::isValidUtf8(out)) {
        out = std::string(bytes.substr(0, YIMEN_ERROR_TEXT));
        std::replace_if(
            out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    }
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return out;
}

}  // namespace

core::ErrorCode errorCodeOf(std::int32_t code) noexcept {
    const bool known = code > 0 && static_cast<std::size_t>(code) < kCodes.size();
    return known ? kCodes[static_cast<std::size_t>(code)] : ErrorCode::kInternal;
}

core::Error pluginError(std::string_view plugin, std::string_view call, std::int32_t code, const YimenError& error) {
    const std::size_t length = std::min<std::size_t>(error.length, YIMEN_ERROR_TEXT);
    std::string text = cleaned({error.text, length});
    if (text.empty()) text = "没有说明原因 / gave no reason (code " + std::to_string(code) + ")";
    return core::makeError(errorCodeOf(code), std::string(plugin) + ": " + text, std::string(call));
}

core::Error pluginThrew(std::string_view plugin, std::string_view call, std::string_view what) {
    return core::makeError(ErrorCode::kInternal,
                           "插件抛出异常 / the plugin '" + std::string(plugin) + "' threw an exception in " +
                               std::string(call) + ": " + cleaned(what),
                           std::string(call));
}

core::Error pluginBroke(std::string_view plugin, std::string_view call, std::string_view what) {
    return core::makeError(ErrorCode::kInternal,
                           "插件违反接口约定 / the plugin '" + std::string(plugin) + "' broke the interface in " +
                               std::string(call) + ": " + std::string(what),
                           std::string(call));
}

}  // namespace yimen::plugin
