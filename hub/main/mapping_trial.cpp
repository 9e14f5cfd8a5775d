#include "main/mapping_trial.h"

#include "core/file.h"

namespace yimen::main {

using core::ErrorCode;
using core::Result;

namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20U;

/// The first rows that the source gives now.
Result<sync::Batch> samplesOf(sync::Source& source, std::size_t columns) {
    const auto mode = source.canRead(sync::ReadMode::kFull) ? sync::ReadMode::kFull : sync::ReadMode::kIncremental;
    sync::Batch batch;
    batch.reset(columns);
    YIMEN_TRY(const auto partitions, source.partitions(mode));
    for (const sync::Partition& partition : partitions) {
        YIMEN_TRY(const auto reader, source.open(partition, mode, {}));
        bool end = false;
        while (batch.empty() && !end) {
            batch.reset(columns);
            YIMEN_TRY(const auto state, reader->read(batch));
            end = state.end;
        }
        if (!batch.empty()) break;
    }
    return batch;
}

/// previewMapping takes what it is given; only the first rows are wanted.
void keepFirst(sync::Batch& batch, std::size_t rows) {
    while (batch.rows() > rows) batch.dropLastRow();
}

}  // namespace

Result<admin::MappingText> MappingTrial::mapping(const std::string& code) {
    YIMEN_TRY(const ItemPlace place, data_.find(code));
    const std::string folder = data_.folderOf(place.system->system);
    admin::MappingText out;
    out.file = "adapters/" + place.system->system + "/data.yaml";
    YIMEN_TRY(out.text, core::readFile(folder + "/data.yaml", kMaxTextBytes));
    out.scriptName = place.item->scriptName;
    out.script = place.item->script;
    out.version = place.item->mapVersion;
    return out;
}

Result<admin::MappingPreview> MappingTrial::preview(const std::string& code, const admin::MappingWish& wish) {
    YIMEN_TRY(const ItemPlace place, data_.find(code));
    sync::ItemSpec item = *place.item;
    if (wish.text) {
        YIMEN_TRY(auto changed, sync::parseSystemData(*wish.text, data_.folderOf(place.system->system)));
        const sync::ItemSpec* found = nullptr;
        for (const auto& one : changed.items) {
            if (one.table.code == code) found = &one;
        }
        if (found == nullptr) {
            return core::makeError(ErrorCode::kInvalidInput, "这份映射中没有 / this text has no item " + code);
        }
        item = *found;
        item.read = place.item->read;  // what is read stays as the file says: a trial opens no other table or path
    }
    if (wish.script) item.script = *wish.script;
    YIMEN_TRY(const auto source, data_.source(*place.system, item));
    YIMEN_TRY(const auto columns, source->describe());
    YIMEN_TRY(auto samples, samplesOf(*source, columns.size()));
    keepFirst(samples, wish.rows);
    admin::MappingPreview out;
    for (const auto& column : columns) out.columns.push_back(column.name);
    out.version = item.mapVersion;
    YIMEN_TRY(out.rows, sync::previewMapping(item, columns, samples, data_.mapperServices()));
    return out;
}

}  // namespace yimen::main
