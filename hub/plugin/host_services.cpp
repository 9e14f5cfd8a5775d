#include "plugin/host_services.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "core/log.h"
#include "plugin/seam.h"

namespace yimen::plugin {

namespace {

/// A shorter secret would blot out half of every line.
constexpr std::size_t kShortestMasked = 4;

core::LogLevel levelOf(std::int32_t level) noexcept {
    switch (level) {
        case YIMEN_LOG_DEBUG:
            return core::LogLevel::kDebug;
        case YIMEN_LOG_INFO:
            return core::LogLevel::kInfo;
        case YIMEN_LOG_WARN:
            return core::LogLevel::kWarn;
        default:
            return core::LogLevel::kError;
    }
}

}  // namespace

HostServices::HostServices(std::string plugin, std::vector<std::string> declared,
                           std::map<std::string, core::Secret> secrets, CancelFlag cancelled)
    : plugin_(std::move(plugin)),
      declared_(std::move(declared)),
      secrets_(std::move(secrets)),
      cancelled_(std::move(cancelled)) {
    table_ = {sizeof(YimenHost), YIMEN_PLUGIN_ABI, this, log, secret, isCancelled};
}

std::string HostServices::masked(std::string_view text) const {
    std::string out(text.substr(0, kMaxLogText));
    for (const auto& [name, value] : secrets_) {
        // Looked for only, and written nowhere.
        const std::string_view shown = value.reveal();
        if (shown.size() < kShortestMasked) continue;
        for (std::size_t at = out.find(shown); at != std::string::npos; at = out.find(shown, at + 3)) {
            out.replace(at, shown.size(), "***");
        }
    }
    return out;
}

void HostServices::log(void* context, std::int32_t level, YimenText message) {
    try {
        const auto* self = static_cast<const HostServices*>(context);
        if (!core::logEnabled(levelOf(level))) return;
        core::log(levelOf(level), "plugin.log",
                  {{"plugin", self->plugin_}, {"text", self->masked(fromPlugin(message))}});
    } catch (const std::exception&) {
        return;  // a line that cannot be written must not become an exception in somebody else's code
    }
}

std::int32_t HostServices::secret(void* context, YimenText name, YimenText* value) {
    try {
        const auto* self = static_cast<const HostServices*>(context);
        *value = {nullptr, 0};
        const std::string wanted(fromPlugin(name));
        const auto found = self->secrets_.find(wanted);
        if (found != self->secrets_.end()) {
            *value = toPlugin(found->second.reveal());  // to the library that the administrator allowed
            return YIMEN_OK;
        }
        const auto& declared = self->declared_;
        return std::find(declared.begin(), declared.end(), wanted) == declared.end() ? YIMEN_DENIED : YIMEN_NOT_FOUND;
    } catch (const std::exception&) {
        return YIMEN_INTERNAL;
    }
}

std::int32_t HostServices::isCancelled(void* context) {
    const auto* self = static_cast<const HostServices*>(context);
    return self->cancelled_ && self->cancelled_->load(std::memory_order_relaxed) ? 1 : 0;
}

}  // namespace yimen::plugin
