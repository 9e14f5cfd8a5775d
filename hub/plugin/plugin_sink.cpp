#include "plugin/plugin_sink.h"

#include <utility>

#include "core/json.h"
#include "plugin/taken_position.h"

namespace yimen::plugin {

namespace {

std::string itemJson(const sync::ItemTable& item, sync::RunId run) {
    core::Json fields = core::Json::array();
    for (const sync::Field& field : item.schema.fields) {
        fields.push_back({{"name", field.name}, {"type", std::string(toString(field.type))}, {"key", field.key}});
    }
    return core::writeJson({{"code", item.code}, {"table", item.table}, {"run", run}, {"fields", fields}});
}

}  // namespace

core::Result<std::unique_ptr<PluginSink>> PluginSink::make(std::shared_ptr<const Library> library,
                                                           const InstanceParts& parts) {
    if (library->kind() != "sink") {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               "不是数据目标插件 / the plugin '" + library->name() + "' is no sink");
    }
    YIMEN_TRY(auto instance, Instance::make(std::move(library), parts));
    return std::make_unique<PluginSink>(std::move(instance));
}

core::Result<std::unique_ptr<PluginWriter>> PluginSink::begin(const sync::ItemTable& item, sync::RunId run) {
    const std::string json = itemJson(item, run);
    TakenPosition position;
    YimenReadState state = position.state();
    void* writer = nullptr;
    YIMEN_TRY_STATUS(instance_->call("begin", [&](YimenError* error) {
        return instance_->plugin().sink->begin(instance_->handle(), toPlugin(json), &state, &writer, error);
    }));
    auto out = std::make_unique<PluginWriter>(instance_, writer, std::move(position.text));
    if (position.tooLong) return pluginBroke(instance_->name(), "begin", "the position is too long");
    return out;
}

PluginWriter::PluginWriter(std::shared_ptr<Instance> instance, void* writer, sync::Position committed)
    : instance_(std::move(instance)), writer_(writer), committed_(std::move(committed)) {}

PluginWriter::~PluginWriter() {
    (void)instance_->call("close", [this](YimenError*) {
        instance_->plugin().sink->close(writer_);
        return YIMEN_OK;
    });
}

core::Status PluginWriter::write(const sync::Batch& rows) {
    YimenRows view{};
    view.size = sizeof view;
    view.columns = static_cast<std::uint32_t>(rows.columns());
    view.rows = rows.rows();
    view.cells = static_cast<const YimenCell*>(static_cast<const void*>(rows.cells().data()));
    view.ops = static_cast<const std::uint8_t*>(static_cast<const void*>(rows.ops().data()));
    view.origins = rows.origins().data();
    view.arena = rows.arena().data();
    view.arena_size = rows.arena().size();
    return instance_->call("write",
                           [&](YimenError* error) { return instance_->plugin().sink->write(writer_, &view, error); });
}

core::Status PluginWriter::commit(const sync::Position& position) {
    YIMEN_TRY_STATUS(instance_->call("commit", [&](YimenError* error) {
        return instance_->plugin().sink->commit(writer_, toPlugin(position), error);
    }));
    committed_ = position;
    return {};
}

}  // namespace yimen::plugin
