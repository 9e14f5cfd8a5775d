#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yimen::sync {

/// Type of a field of a data item. Cells are text in one canonical form per type, the same in every target, so that
/// two targets can be compared byte by byte.
enum class FieldType {
    kText,      ///< UTF-8
    kInteger,   ///< -?[1-9][0-9]* or 0, within 64 bits
    kDecimal,   ///< -?digits[.digits], no exponent, no leading or trailing zeros beyond one
    kBoolean,   ///< true, false
    kDate,      ///< 2026-06-30
    kDateTime,  ///< 2026-06-30T08:00:00+08:00 (RFC 3339), fraction of up to six digits when the source has one
    kJson       ///< one JSON value
};
std::string_view toString(FieldType type) noexcept;
std::optional<FieldType> fieldTypeOf(std::string_view name) noexcept;

struct Field {
    std::string name;   ///< column of the shared database: lower-case letters, digits, '_', at most 63
    std::string title;  ///< Chinese name
    FieldType type = FieldType::kText;
    bool key = false;
    bool required = false;
    bool operator==(const Field&) const = default;
};

/// The fields of an item as they stand in the shared database. A value.
struct Schema {
    std::vector<Field> fields;

    /// Numbers of the key fields, in order; never empty for an item.
    std::vector<std::size_t> keys() const;
    std::optional<std::size_t> find(std::string_view name) const noexcept;
    bool operator==(const Schema&) const = default;
};

}  // namespace yimen::sync
