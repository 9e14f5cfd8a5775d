#include "catalog/owners.h"

#include <filesystem>

#include "config/yaml.h"

namespace yimen::catalog {

core::Result<Owners> Owners::load(const std::string& path) {
    Owners out;
    std::error_code failure;
    if (!std::filesystem::exists(path, failure)) return out;
    YIMEN_TRY(const auto document, config::YamlDocument::load(path));
    config::YamlErrors errors;
    config::MapReader map(document.root(), errors);
    out.otherwise_ = map.text("otherwise", "");
    if (const auto providers = map.child("providers")) {
        for (const auto& [provider, unit] : providers->entries()) {
            const auto code = unit.text();
            if (code.ok()) {
                out.byProvider_[provider] = *code;
            } else {
                errors.add(code.error());
            }
        }
    }
    map.finish();
    YIMEN_TRY_STATUS(errors.status());
    return out;
}

std::string Owners::of(const DataItem& item, const UnitTree& units) const {
    const auto mapped = byProvider_.find(item.provider);
    if (mapped != byProvider_.end()) {
        return units.exists(mapped->second) ? mapped->second : units.unitNamed(mapped->second);
    }
    if (std::string named = units.unitNamed(item.provider); !named.empty()) return named;
    return units.exists(otherwise_) ? otherwise_ : units.unitNamed(otherwise_);
}

}  // namespace yimen::catalog
