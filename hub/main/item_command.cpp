#include <cstdio>

#include "config/loader.h"
#include "main/sync_commands.h"
#include "sync/drift.h"

namespace yimen::main {

namespace {

constexpr const char* kUsage = "item list [WORDS] | item show CODE | item diff CODE   [--config FILE]";

int list(const catalog::Catalog& catalog, const std::vector<sync::SystemData>& systems, const std::string& words) {
    std::size_t supplied = 0;
    const auto found = catalog.search(words);
    for (const catalog::DataItem* item : found) {
        bool connected = false;
        for (const auto& system : systems) {
            for (const auto& spec : system.items) connected = connected || spec.table.code == item->code;
        }
        supplied += connected ? 1 : 0;
        std::printf("%s %s  %s  %s  %s  %s\n", connected ? "*" : " ", item->code.c_str(), item->source.c_str(),
                    item->cycle.c_str(), std::string(toString(item->share)).c_str(), item->name.c_str());
    }
    if (found.empty()) {
        return failed(core::makeError(core::ErrorCode::kNotFound,
                                      "no item of the catalogue matches '" + words + "': yimen item list shows all"));
    }
    std::printf("%zu items, %zu of them supplied (*)\n", found.size(), supplied);
    return 0;
}

int show(const catalog::Catalog& catalog, const std::vector<sync::SystemData>& systems, const std::string& code) {
    const catalog::DataItem* item = catalog.find(code);
    if (item == nullptr) {
        return failed(
            core::makeError(core::ErrorCode::kNotFound, "no item '" + code + "' in the catalogue: yimen item list"));
    }
    std::printf("%s  %s\n  resource code  %s\n  category       %s\n  provider       %s\n  source         %s\n",
                item->code.c_str(), item->name.c_str(), item->resourceCode.c_str(), item->category.c_str(),
                item->provider.c_str(), item->source.c_str());
    std::printf("  share type     %s: %s\n  level          %d\n  personal data  %s\n  cycle          %s\n",
                std::string(toString(item->share)).c_str(), item->shareCondition.c_str(), item->level,
                std::string(toString(item->personal)).c_str(), item->cycle.c_str());
    for (const auto& system : systems) {
        for (const auto& spec : system.items) {
            if (spec.table.code != code) continue;
            std::printf("  table          %s (adapters/%s/data.yaml, map version %s)\n", spec.table.table.c_str(),
                        system.system.c_str(), spec.mapVersion.c_str());
            for (const auto& field : spec.table.schema.fields) {
                std::printf("    %-24s %-9s %s %s\n", field.name.c_str(), std::string(toString(field.type)).c_str(),
                            field.key        ? "key"
                            : field.required ? "req"
                                             : "   ",
                            field.title.c_str());
            }
            return 0;
        }
    }
    std::printf("  not supplied yet: adapters/%s/data.yaml\n", item->source.c_str());
    return 0;
}

/// What the source has now against what the mapping reads. 0: it fits; 1: it does not.
int diff(const Arguments& arguments, const std::string& code) {
    auto opened = openSync(arguments);
    if (!opened.ok()) return failed(opened.error());
    const auto place = opened->data->find(code);
    if (!place.ok()) return failed(place.error());
    const auto source = opened->data->source(*place->system, *place->item);
    if (!source.ok()) return failed(source.error());
    const auto columns = (*source)->describe();
    if (!columns.ok()) return failed(columns.error());
    const auto drift = sync::driftOf(*place->item, *columns);
    if (!drift.ok()) return failed(drift.error());
    for (const auto& missing : drift->missing) {
        std::printf("- %-24s read by %s, and the source has it no more: the item fails\n", missing.column.c_str(),
                    missing.field.c_str());
    }
    for (const sync::SourceField& extra : drift->unread) {
        std::printf("+ %-24s %s: no field reads it\n", extra.name.c_str(), extra.type.c_str());
    }
    std::printf("%s: %zu columns at the source, %zu missing, %zu that no field reads%s\n", code.c_str(),
                columns->size(), drift->missing.size(), drift->unread.size(),
                drift->script ? " (the script may read them)" : "");
    return drift->missing.empty() ? 0 : 1;
}

}  // namespace

int runItem(const std::vector<std::string>& words) {
    const auto arguments = Arguments::parse(words, {"config"}, {});
    if (!arguments.ok()) return misused(arguments.error(), kUsage);
    const auto& rest = arguments->rest();
    const bool lists = !rest.empty() && rest[0] == "list";
    if (!lists && (rest.size() != 2 || (rest[0] != "show" && rest[0] != "diff"))) {
        return misused(core::makeError(core::ErrorCode::kInvalidInput, "these words do not fit"), kUsage);
    }
    if (rest[0] == "diff") return diff(*arguments, rest[1]);
    const auto config = config::loadConfig(arguments->option("config", kDefaultConfig));
    if (!config.ok()) return failed(config.error());
    const auto catalog = DataSide::readCatalog(**config);
    if (!catalog.ok()) return failed(catalog.error());
    const auto systems = DataSide::readSystems(**config);
    if (!systems.ok()) return failed(systems.error());
    if (!lists) return show(*catalog, *systems, rest[1]);
    std::string wanted;
    for (std::size_t i = 1; i < rest.size(); ++i) wanted += (i > 1 ? " " : "") + rest[i];
    return list(*catalog, *systems, wanted);
}

}  // namespace yimen::main
