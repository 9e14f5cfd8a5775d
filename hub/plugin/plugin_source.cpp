#include "plugin/plugin_source.h"

#include <string>
#include <utility>

#include "plugin/plugin_reader.h"

namespace yimen::plugin {

namespace {

using core::Result;

/// Takes what a plugin adds one by one. No exception may leave `add`: what does not fit is noted.
template <typename T>
struct Collected {
    std::vector<T> items;
    std::size_t most = 0;
    bool tooMany = false;

    static void add(void* context, YimenText first, YimenText second) {
        auto* self = static_cast<Collected*>(context);
        if (self->items.size() >= self->most) {
            self->tooMany = true;
            return;
        }
        try {
            self->items.push_back({std::string(fromPlugin(first)), std::string(fromPlugin(second))});
        } catch (const std::exception&) {
            self->tooMany = true;
        }
    }
};

std::uint32_t modeOf(sync::ReadMode mode) noexcept {
    return mode == sync::ReadMode::kFull ? YIMEN_MODE_FULL : YIMEN_MODE_INCREMENTAL;
}

}  // namespace

Result<std::unique_ptr<sync::Source>> PluginSource::make(std::shared_ptr<const Library> library,
                                                         const InstanceParts& parts) {
    if (library->kind() != "source") {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "不是数据源插件 / the plugin '" + library->name() + "' is no source");
    }
    auto stop = std::make_shared<std::atomic<bool>>(false);
    InstanceParts with = parts;
    with.cancelled = stop;
    YIMEN_TRY(auto instance, Instance::make(std::move(library), with));
    return std::unique_ptr<sync::Source>(std::make_unique<PluginSource>(std::move(instance), std::move(stop)));
}

void PluginSource::interrupt() noexcept {
    *stop_ = true;
}

Result<std::vector<sync::SourceField>> PluginSource::describe() {
    Collected<sync::SourceField> fields;
    fields.most = kMaxColumns;
    const YimenFieldList list{sizeof(YimenFieldList), &fields, Collected<sync::SourceField>::add};
    YIMEN_TRY_STATUS(instance_->call("describe", [&](YimenError* error) {
        return instance_->plugin().source->describe(instance_->handle(), &list, error);
    }));
    if (fields.tooMany) return pluginBroke(instance_->name(), "describe", "too many columns");
    if (fields.items.empty()) return pluginBroke(instance_->name(), "describe", "no columns");
    return std::move(fields.items);
}

bool PluginSource::canRead(sync::ReadMode mode) const {
    if (mode == sync::ReadMode::kFull) return true;
    const auto parts = ask(mode);
    return parts.ok() || parts.error().code != core::ErrorCode::kInvalidInput;
}

Result<std::vector<sync::Partition>> PluginSource::partitions(sync::ReadMode mode) {
    return ask(mode);
}

Result<std::vector<sync::Partition>> PluginSource::ask(sync::ReadMode mode) const {
    Collected<sync::Partition> parts;
    parts.most = sync::kMaxPartitions;
    const YimenPartitionList list{sizeof(YimenPartitionList), &parts, Collected<sync::Partition>::add};
    YIMEN_TRY_STATUS(instance_->call("partitions", [&](YimenError* error) {
        return instance_->plugin().source->partitions(instance_->handle(), modeOf(mode), &list, error);
    }));
    if (parts.tooMany) return pluginBroke(instance_->name(), "partitions", "too many partitions");
    if (parts.items.empty()) return pluginBroke(instance_->name(), "partitions", "no partition");
    return std::move(parts.items);
}

Result<std::unique_ptr<sync::Reader>> PluginSource::open(const sync::Partition& partition, sync::ReadMode mode,
                                                         sync::Position from) {
    YIMEN_TRY(const auto fields, describe());
    std::vector<std::string> columns = sync::columnNames(fields);
    void* reader = nullptr;
    YIMEN_TRY_STATUS(instance_->call("open", [&](YimenError* error) {
        return instance_->plugin().source->open(instance_->handle(), toPlugin(partition.id), toPlugin(partition.bound),
                                                modeOf(mode), toPlugin(from), &reader, error);
    }));
    return std::unique_ptr<sync::Reader>(
        std::make_unique<PluginReader>(instance_, reader, std::move(columns), std::move(from)));
}

}  // namespace yimen::plugin
