#include "sync/quality/references.h"

#include <map>

#include "sync/quality/rule_spec.h"

namespace yimen::sync::quality {

std::string referenceFaults(const std::vector<SystemData>& systems) {
    std::map<std::string, const Schema*> schemas;
    for (const SystemData& system : systems) {
        for (const ItemSpec& item : system.items) schemas[item.table.code] = &item.table.schema;
    }
    std::string out;
    const auto add = [&](const std::string& fault) { out += (out.empty() ? "" : "\n") + fault; };
    for (const SystemData& system : systems) {
        for (const ItemSpec& item : system.items) {
            if (!item.quality) continue;
            config::YamlErrors errors;
            const auto fields = mapping::readFields(item.fields, !item.script.empty(), errors);
            for (const RuleSpec& rule : readRules(*item.quality, fields, item.codes ? &*item.codes : nullptr, errors)) {
                if (rule.kind != RuleKind::kReference) continue;
                const auto found = schemas.find(rule.item);
                if (found == schemas.end()) {
                    add(rule.where + ": no data.yaml supplies the item '" + rule.item + "'");
                } else if (!found->second->find(rule.itemField)) {
                    add(rule.where + ": the item " + rule.item + " has no field '" + rule.itemField + "'");
                }
            }
        }
    }
    return out;
}

}  // namespace yimen::sync::quality
