#include "sync/schema.h"

#include <array>
#include <utility>

namespace yimen::sync {

namespace {

constexpr std::array<std::pair<FieldType, std::string_view>, 7> kNames{{{FieldType::kText, "text"},
                                                                        {FieldType::kInteger, "integer"},
                                                                        {FieldType::kDecimal, "decimal"},
                                                                        {FieldType::kBoolean, "boolean"},
                                                                        {FieldType::kDate, "date"},
                                                                        {FieldType::kDateTime, "datetime"},
                                                                        {FieldType::kJson, "json"}}};

}  // namespace

std::string_view toString(FieldType type) noexcept {
    for (const auto& [value, name] : kNames) {
        if (value == type) return name;
    }
    return "text";
}

std::optional<FieldType> fieldTypeOf(std::string_view name) noexcept {
    for (const auto& [value, known] : kNames) {
        if (known == name) return value;
    }
    return std::nullopt;
}

std::vector<std::size_t> Schema::keys() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].key) out.push_back(i);
    }
    return out;
}

std::optional<std::size_t> Schema::find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == name) return i;
    }
    return std::nullopt;
}

}  // namespace yimen::sync
