#include "plugin/instance.h"

#include <map>

#include "core/log.h"

namespace yimen::plugin {

core::Result<std::shared_ptr<Instance>> Instance::make(std::shared_ptr<const Library> library,
                                                       const InstanceParts& parts) {
    YIMEN_TRY(const CheckedConfig config, library->schema().check(parts.config));
    std::map<std::string, core::Secret> secrets;
    for (const auto& [path, reference] : config.secrets) {
        if (!parts.secrets) {
            return core::makeError(core::ErrorCode::kInvalidInput, "没有密钥来源 / no secrets here for '" + path + "'");
        }
        YIMEN_TRY(secrets[path], parts.secrets(reference));
    }
    auto host = std::make_unique<HostServices>(library->name(), library->schema().secrets(), std::move(secrets),
                                               parts.cancelled);
    struct Access : Instance {
        Access(std::shared_ptr<const Library> l, std::unique_ptr<HostServices> h)
            : Instance(std::move(l), std::move(h)) {}
    };
    std::shared_ptr<Instance> out(std::make_shared<Access>(std::move(library), std::move(host)));
    YIMEN_TRY_STATUS(out->create(core::writeJson(config.json)));
    return out;
}

core::Status Instance::create(const std::string& config) {
    YIMEN_TRY_STATUS(call("create", [&](YimenError* error) {
        return plugin().create(host_->table(), toPlugin(config), &handle_, error);
    }));
    created_ = true;
    if (plugin().start == nullptr) return {};
    YIMEN_TRY_STATUS(call("start", [&](YimenError* error) { return plugin().start(handle_, error); }));
    started_ = true;
    return {};
}

Instance::~Instance() {
    const auto end = [this](const char* what, void (*function)(void*)) {
        const auto ended = call(what, [&](YimenError*) {
            function(handle_);
            return YIMEN_OK;
        });
        if (!ended.ok()) core::logError("plugin.stop_failed", {{"plugin", name()}, {"reason", ended.error().message}});
    };
    if (started_) end("stop", plugin().stop);
    if (created_) end("destroy", plugin().destroy);
}

}  // namespace yimen::plugin
